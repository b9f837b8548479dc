// Integer hashes: the same bits on every machine, and no pattern of a sine.

// pcg4d of M. Jarzynski and M. Olano, "Hash Functions for GPU Rendering", JCGT 9 (3), 2020.
uvec4 pcg4d(uvec4 v) {
    v = v * 1664525u + 1013904223u;
    v.x += v.y * v.w;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v.w += v.y * v.z;
    v ^= v >> 16u;
    v.x += v.y * v.w;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v.w += v.y * v.z;
    return v;
}

// Four independent unit Gaussians from hashed bits (G. Box and M. Muller, 1958).
vec4 gaussian(uvec4 bits) {
    vec4 u = (vec4(bits >> 8u) + 0.5) / 16777216.0;
    vec2 radius = sqrt(-2.0 * log(u.xz));
    vec2 angle = 6.28318530718 * u.yw;
    return vec4(radius.x * cos(angle.x), radius.x * sin(angle.x), radius.y * cos(angle.y), radius.y * sin(angle.y));
}
