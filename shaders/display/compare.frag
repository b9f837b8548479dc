// Two pictures in one rectangle. With WIPE the first lies left of `amount`, with BLEND `amount` is the
// share of the second; otherwise only the first is seen.

uniform sampler2D first;
#if defined(WIPE) || defined(BLEND)
uniform sampler2D second;
uniform float amount;
#endif

in vec2 uv;
out vec4 colour;

#ifdef SHARP
// Catmull-Rom over 4×4 texels in nine bilinear fetches: soft edges of a magnified picture stay crisp.
vec3 fetch(sampler2D picture, vec2 at) {
    vec2 size = vec2(textureSize(picture, 0));
    vec2 texel = at * size;
    vec2 centre = floor(texel - 0.5) + 0.5;
    vec2 f = texel - centre;
    vec2 w0 = f * (-0.5 + f * (1.0 - 0.5 * f));
    vec2 w1 = 1.0 + f * f * (-2.5 + 1.5 * f);
    vec2 w2 = f * (0.5 + f * (2.0 - 1.5 * f));
    vec2 w3 = f * f * (-0.5 + 0.5 * f);
    vec2 w12 = w1 + w2;
    vec2 p0 = (centre - 1.0) / size, p3 = (centre + 2.0) / size, p12 = (centre + w2 / w12) / size;
    vec3 sum = texture(picture, vec2(p0.x, p0.y)).rgb * w0.x * w0.y;
    sum += texture(picture, vec2(p12.x, p0.y)).rgb * w12.x * w0.y;
    sum += texture(picture, vec2(p3.x, p0.y)).rgb * w3.x * w0.y;
    sum += texture(picture, vec2(p0.x, p12.y)).rgb * w0.x * w12.y;
    sum += texture(picture, p12).rgb * w12.x * w12.y;
    sum += texture(picture, vec2(p3.x, p12.y)).rgb * w3.x * w12.y;
    sum += texture(picture, vec2(p0.x, p3.y)).rgb * w0.x * w3.y;
    sum += texture(picture, vec2(p12.x, p3.y)).rgb * w12.x * w3.y;
    sum += texture(picture, vec2(p3.x, p3.y)).rgb * w3.x * w3.y;
    return sum;
}
#else
vec3 fetch(sampler2D picture, vec2 at) {
    return texture(picture, at).rgb;
}
#endif

void main() {
#if defined(WIPE)
    float across = (uv.x - amount) / max(fwidth(uv.x), 1e-6);
    vec3 seen = uv.x < amount ? fetch(first, uv) : fetch(second, uv);
    seen = mix(vec3(0.95), seen, clamp(abs(across) - 0.5, 0.0, 1.0));
#elif defined(BLEND)
    vec3 seen = mix(fetch(first, uv), fetch(second, uv), amount);
#else
    vec3 seen = fetch(first, uv);
#endif
    colour = vec4(seen, 1.0);
}
