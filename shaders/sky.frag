// The sky writes every target, so that no target needs clearing and none keeps an older picture.
#include "view.glsl"
#include "motion.glsl"
#include "blocking.glsl"
#include "targets.glsl"

in vec2 uv;

void main() {
    vec3 direction = normalize(view_ray(gl_FragCoord.xy * picture.zw));
    depth_target = uintBitsToFloat(0x7f800000u);
    object_target = 0u;
#ifdef NORMAL_AT
    normal_target = vec4(0.0);
#endif
#ifdef ANCHOR_AT
    anchor_target = vec4(direction, 0.0);
#endif
#ifdef MOTION_AT
    // Infinitely far: only turning moves it.
    motion_target = motion_between((previous_clip_from_world * vec4(direction, 0.0)).xyw,
                                   (clip_from_world * vec4(direction, 0.0)).xyw);
#endif
#ifdef BASE_AT
    base_target = vec4(srgb_from_linear(blocking_sky(direction)), 1.0);
#endif
}
