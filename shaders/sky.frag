// The sky writes every target, so that no target needs clearing and none keeps an older picture.
#include "view.glsl"
#include "motion.glsl"
#include "blocking.glsl"

in vec2 uv;

layout(location = 0) out float depth_target;
layout(location = 1) out uint object_target;
layout(location = 2) out vec4 normal_target;
layout(location = 3) out vec2 motion_target;
layout(location = 4) out vec4 anchor_target;
layout(location = 5) out vec4 base_target;

void main() {
    vec3 direction = normalize(view_ray(gl_FragCoord.xy * picture.zw));
    depth_target = uintBitsToFloat(0x7f800000u);
    object_target = 0u;
    normal_target = vec4(0.0);
    // Infinitely far: only turning moves it.
    motion_target = motion_between((previous_clip_from_world * vec4(direction, 0.0)).xyw,
                                   (clip_from_world * vec4(direction, 0.0)).xyw);
    anchor_target = vec4(direction, 0.0);
    base_target = vec4(srgb_from_linear(blocking_sky(direction)), 1.0);
}
