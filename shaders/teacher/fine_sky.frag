#include "view.glsl"

layout(location = 0) out float depth_target;
layout(location = 1) out uint object_target;
layout(location = 2) out vec4 normal_target;
layout(location = 3) out vec4 anchor_target;

void main() {
    depth_target = uintBitsToFloat(0x7f800000u);
    object_target = 0u;
    normal_target = vec4(0.0);
    anchor_target = vec4(normalize(view_ray(gl_FragCoord.xy * picture.zw)), 1.0);
}
