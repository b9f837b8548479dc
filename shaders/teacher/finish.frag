#version 330 core
// Halo, the hand that draws, and the grade. Everything up to the grade works on light; the grade is the
// formula that generate/embedded/grade.py states for the network.
#include "teacher/common.glsl"

uniform sampler2D radiance_map;  // with mip levels
uniform float halo_level;       // the finest of the mip levels that the halo is made of

out vec4 drawn;

vec3 smooth_level(vec2 uv, float level) {
    vec2 texel = exp2(level) * picture.zw;
    vec3 sum = vec3(0.0);
    for (int y = -1; y <= 1; ++y)
        for (int x = -1; x <= 1; ++x) {
            float weight = (x == 0 ? 2.0 : 1.0) * (y == 0 ? 2.0 : 1.0) / 16.0;
            sum += weight * textureLod(radiance_map, uv + 0.75 * vec2(x, y) * texel, level).rgb;
        }
    return sum;
}

float line_at(ivec2 texel) {
    float line = 0.0;
    for (int y = -1; y <= 1; ++y)
        for (int x = -1; x <= 1; ++x)
            line = max(line, unpack_bytes(texelFetch(structure_map, clamped(texel + ivec2(x, y)), 0).w).x);
    return line;
}

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    vec2 uv = gl_FragCoord.xy * picture.zw;
    vec3 colour = texelFetch(radiance_map, texel, 0).rgb;
    float bank[16];
    bank_at(texel, bank);
    bool is_sky = texelFetch(object_map, texel, 0).r == 0u;

    float glow = look[LOOK_GLOW];
    vec3 halo = vec3(0.0);
    for (int k = 0; k < 4; ++k) halo += smooth_level(uv, halo_level + float(k)) * (k < 2 ? 0.3 : 0.2);
    vec3 over = max(halo - 0.5 * colour, 0.0);
    colour += glow * glow * 0.55 * over * smoothstep(0.4, 2.5, luminance(halo)) + glow * 0.06 * halo;

    float light = luminance(colour);

    // Flat light: few steps with narrow soft borders.
    float flat_amount = look[LOOK_FLAT];
    float tone = log2(max(light, 1e-3) + 0.02) * 1.1;
    float step_tone = floor(tone) + smoothstep(0.40, 0.60, fract(tone));
    vec3 stepped = colour / max(light, 1e-3) * max(exp2(step_tone / 1.1) - 0.02, 0.004);
    colour = mix(colour, mix(vec3(luminance(stepped)), stepped, 1.25), flat_amount);

    // Brush: colour laid in strokes, some warmer and some cooler, the light broken up.
    float brush = look[LOOK_BRUSH];
    float stroke = bank[10] - 0.5;
    float lay = stroke + 0.5 * (bank[5] - 0.5);
    vec3 laid = colour * exp2(1.0 * stroke);
    laid *= 1.0 + vec3(0.30, 0.02, -0.30) * lay;
    laid = max(mix(vec3(luminance(laid)), laid, 1.2), 0.0);
    colour = mix(colour, laid, brush);

    // Paper: washes thin out to white, pigment gathers at borders.
    float paper = look[LOOK_PAPER];
    float line = line_at(texel);
    float grain = 0.6 * bank[10] + 0.4 * bank[5];
    float covered = clamp(1.15 - paper * (0.60 + 0.32 * (grain - 0.5) + (is_sky ? 0.15 : 0.0)), 0.0, 1.0);
    vec3 pigment = colour / (0.35 + light) * mix(0.55, 1.0, min(light, 1.0)) * (1.0 - 0.25 * line);
    vec3 sheet = vec3(3.0, 2.9, 2.7);
    vec3 washed = exp(mix(log(sheet), log(max(pigment * 1.1, 0.01)), covered * 0.85));
    colour = mix(colour, washed, smoothstep(0.0, 0.35, paper));

    float ink = look[LOOK_INK] * smoothstep(0.15, 0.75, line);
    colour = mix(colour, vec3(0.006, 0.005, 0.007), ink);

    // The grade.
    // At night film is exposed for longer.
    colour *= 0.50 * exp2(4.0 * (look[LOOK_EXPOSURE] - 0.5)) * (1.0 + 0.35 * nightness());
    colour = max(mix(vec3(luminance(colour)), colour, 2.0 * look[LOOK_SATURATION]), 0.0);
    // Narkowicz, "ACES Filmic Tone Mapping Curve", 2016.
    colour = clamp(colour * (2.51 * colour + 0.03) / (colour * (2.43 * colour + 0.59) + 0.14), 0.0, 1.0);
    vec3 v = srgb_from_linear(colour);
    float slope = exp2(2.0 * (look[LOOK_CONTRAST] - 0.5));
    v = mix(0.5 * pow(max(2.0 * v, 1e-4), vec3(slope)), 1.0 - 0.5 * pow(max(2.0 - 2.0 * v, 1e-4), vec3(slope)), step(0.5, v));
    vec3 shadow = vec3(look[LOOK_SHADOW_RED], look[LOOK_SHADOW_GREEN], look[LOOK_SHADOW_BLUE]) - 0.5;
    vec3 bright = vec3(look[LOOK_LIGHT_RED], look[LOOK_LIGHT_GREEN], look[LOOK_LIGHT_BLUE]) - 0.5;
    v += 0.5 * shadow * (1.0 - v) * (1.0 - v) * smoothstep(0.0, 0.12, v + 0.04) + 0.5 * bright * v * (1.0 - 0.35 * v);
    v = mix(v, vec3(0.10, 0.085, 0.06) + v * vec3(0.84, 0.80, 0.70), look[LOOK_AGE]);
    drawn = vec4(clamp(v, 0.0, 1.0), 1.0);
}
