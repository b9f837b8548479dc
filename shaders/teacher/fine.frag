#include "view.glsl"

in vec3 world_normal;
in vec3 place;
flat in uint row;

layout(location = 0) out float depth_target;
layout(location = 1) out uint object_target;
layout(location = 2) out vec4 normal_target;
layout(location = 3) out vec4 anchor_target;

void main() {
    depth_target = 1.0 / gl_FragCoord.w;
    object_target = row;
    // y is turned over, and with it what OpenGL calls the front. Leaves and cloth are seen from behind too.
    vec3 n = normalize(gl_FrontFacing ? -world_normal : world_normal);
    vec3 ray = normalize(view_ray(gl_FragCoord.xy * picture.zw));
    normal_target = vec4(dot(n, ray) > 0.3 ? -n : n, 1.0);
    anchor_target = vec4(place, 1.0);
}
