// How the proxies look while blocking: one calm sun, a sky that is brighter than the ground, edges that
// darken a little, and the sky behind. Linear light in, sRGB out.

vec3 linear_from_srgb(vec3 c) {
    return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c));
}

// A fit by least squares in x, its root and the root of that; powers cost too much in software.
// Within 2 of 255 but for the darkest hundredth.
vec3 srgb_from_linear(vec3 c) {
    c = clamp(c, 0.0, 1.0);
    vec3 root = sqrt(c);
    return 1.298337 * root - 0.228868 * c - 0.076742 * sqrt(root);
}

const vec3 ZENITH = vec3(0.150, 0.215, 0.315);
const vec3 HORIZON = vec3(0.480, 0.520, 0.555);
const vec3 BELOW = vec3(0.100, 0.098, 0.096);

vec3 blocking_sky(vec3 direction) {
    float up = direction.y;
    vec3 above = mix(HORIZON, ZENITH, sqrt(clamp(up, 0.0, 1.0)));
    return mix(above, mix(HORIZON, BELOW, 0.75), smoothstep(0.0, 0.06, -up));
}

// Takes linear colour. `facing` is the cosine between the surface and the line of sight, `haze` the share of
// the horizon's colour that lies before it.
vec3 blocking_surface(vec3 colour, vec3 normal, float facing, float haze) {
    vec3 key = blocking_key.xyz;
    float direct = max(dot(normal, key), 0.0);
    vec3 light = mix(vec3(0.17, 0.165, 0.16), vec3(0.40, 0.435, 0.48), 0.5 + 0.5 * normal.y)
               + vec3(0.88, 0.83, 0.75) * direct;
    // Faces that the sun misses would all be one tone: a weak light from the side tells them apart.
    light += 0.14 * max(dot(normal.xz, vec2(-key.z, key.x)), 0.0);
    float edge = 0.70 + 0.30 * min(2.5 * facing, 1.0);
    return mix(colour * light * edge, HORIZON, haze);
}
