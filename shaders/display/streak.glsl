// From the motion target to half of what a point draws while the shutter is open, in pixels.

uniform vec2 half_streak_per_motion;
uniform float longest_px;

const float OUT_OF_PICTURE = 8.0;   // motion.glsl: it was behind the camera, and there is no way from there

vec2 half_streak(vec2 motion) {
    if (max(abs(motion.x), abs(motion.y)) >= OUT_OF_PICTURE) return vec2(0.0);
    vec2 streak = motion * half_streak_per_motion;
    return streak * min(1.0, longest_px / max(length(streak), 1.0e-6));
}
