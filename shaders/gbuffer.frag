#include "view.glsl"
#include "motion.glsl"
#include "blocking.glsl"

in vec3 world_normal;
in vec3 anchor;
in vec3 now_clip;
in vec3 previous_clip;
flat in vec3 linear_colour;
flat in uint id;

layout(location = 0) out float depth_target;
layout(location = 1) out uint object_target;
layout(location = 2) out vec4 normal_target;
layout(location = 3) out vec2 motion_target;
layout(location = 4) out vec4 anchor_target;
layout(location = 5) out vec4 base_target;

void main() {
    float depth = 1.0 / gl_FragCoord.w;
    // y is turned over, and with it what OpenGL calls the front.
    vec3 n = normalize(gl_FrontFacing ? -world_normal : world_normal);
    vec3 ray = view_ray(gl_FragCoord.xy * picture.zw);
    depth_target = depth;
    object_target = id;
    normal_target = vec4(n, 1.0);
    motion_target = motion_between(previous_clip, now_clip);
    anchor_target = vec4(anchor, 1.0);
    float facing = abs(dot(n, ray)) * inversesqrt(dot(ray, ray));
    vec3 lit = blocking_surface(linear_colour, n, facing, 0.45 * depth / (depth + ray_origin.w));
    base_target = vec4(srgb_from_linear(lit), 1.0);
}
