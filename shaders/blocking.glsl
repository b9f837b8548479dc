// How the proxies look while blocking: one calm sun, a sky that is brighter than the ground, edges that
// darken a little, and the sky behind. Linear light in, sRGB out.

vec3 linear_from_srgb(vec3 c) {
    return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c));
}

vec3 srgb_from_linear(vec3 c) {
    c = clamp(c, 0.0, 1.0);
    return mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}

const vec3 ZENITH = vec3(0.150, 0.215, 0.315);
const vec3 HORIZON = vec3(0.480, 0.520, 0.555);
const vec3 BELOW = vec3(0.100, 0.098, 0.096);

vec3 blocking_sky(vec3 direction) {
    float up = direction.y;
    vec3 above = mix(HORIZON, ZENITH, pow(clamp(up, 0.0, 1.0), 0.55));
    return mix(above, mix(HORIZON, BELOW, 0.75), smoothstep(0.0, 0.06, -up));
}

vec3 blocking_surface(vec3 colour, vec3 normal, vec3 towards_camera, vec3 sun, float depth, float far) {
    // The sun of a scene may stand below the horizon; blocking is always lit from somewhere above.
    vec3 key = normalize(vec3(sun.x, max(abs(sun.y), 0.35), sun.z));
    float direct = max(dot(normal, key), 0.0);
    vec3 sky_light = mix(vec3(0.20, 0.19, 0.18), vec3(0.46, 0.50, 0.56), 0.5 + 0.5 * normal.y);
    // Faces that the sun misses would all be one tone: a weak light from the side tells them apart.
    float side = 0.5 + 0.5 * dot(normal, normalize(vec3(-key.z, 0.15, key.x)));
    vec3 light = vec3(0.86, 0.82, 0.76) * direct + sky_light + 0.10 * side;
    float facing = clamp(dot(normal, towards_camera), 0.0, 1.0);
    float edge = mix(0.72, 1.0, smoothstep(0.0, 0.45, facing));
    vec3 lit = colour * light * edge;
    return mix(lit, HORIZON, 0.42 * (1.0 - exp(-1.6 * depth / far)));
}
