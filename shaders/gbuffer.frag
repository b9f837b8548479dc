#include "view.glsl"
#include "motion.glsl"
#include "blocking.glsl"
#include "targets.glsl"

in vec3 world_normal;
in vec3 anchor;
in vec3 now_clip;
in vec3 previous_clip;
flat in vec3 linear_colour;
flat in uint id;

void main() {
    float depth = 1.0 / gl_FragCoord.w;
    // y is turned over, and with it what OpenGL calls the front.
    vec3 n = normalize(gl_FrontFacing ? -world_normal : world_normal);
    depth_target = depth;
    object_target = id;
#ifdef NORMAL_AT
    normal_target = vec4(n, 1.0);
#endif
#ifdef ANCHOR_AT
    anchor_target = vec4(anchor, 1.0);
#endif
#ifdef MOTION_AT
    motion_target = motion_between(previous_clip, now_clip);
#endif
#ifdef BASE_AT
    vec3 ray = view_ray(gl_FragCoord.xy * picture.zw);
    float facing = abs(dot(n, ray)) * inversesqrt(dot(ray, ray));
    vec3 lit = blocking_surface(linear_colour, n, facing, 0.45 * depth / (depth + ray_origin.w));
    base_target = vec4(srgb_from_linear(lit), 1.0);
#endif
}
