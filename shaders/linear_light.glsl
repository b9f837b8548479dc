// sRGB and linear light (IEC 61966-2-1), and light as it was before film clipped it.

vec3 linear_from_srgb(vec3 c) {
    return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c));
}

vec3 srgb_from_linear(vec3 c) {
    c = clamp(c, 0.0, 1.0);
    return mix(c * 12.92, 1.055 * pow(max(c, 0.0031308), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}

// A picture ends at white, what it shows does not: a lamp blurred as if it were no brighter than paper turns
// grey. So light is opened up before it is blurred, white to 1 / (1 − HEADROOM), and closed exactly after.
const float HEADROOM = 0.55;

vec3 opened(vec3 c) {
    return c / (1.0 - HEADROOM * max(c.r, max(c.g, c.b)));
}

vec3 closed(vec3 c) {
    return c / (1.0 + HEADROOM * max(c.r, max(c.g, c.b)));
}
