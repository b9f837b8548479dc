// uv now − uv before, from two clip positions (x, y, w) that went through the same arithmetic: what did
// not move gives exactly zero. A point that was behind the camera before has moved out of any picture.
const float OUT_OF_PICTURE = 8.0;

vec2 motion_between(vec3 previous, vec3 now) {
    if (previous.z <= 1.0e-4) return vec2(OUT_OF_PICTURE);
    vec2 moved = 0.5 * (now.xy / now.z - previous.xy / previous.z);
    return clamp(moved, vec2(-OUT_OF_PICTURE), vec2(OUT_OF_PICTURE));
}
