// Depth of field: each pixel gathers what the lens spreads over it, from discs of golden-angle samples
// (H. Vogel, "A better way to construct the sunflower head", Mathematical Biosciences 44, 1979). Large discs
// take their samples from mip levels, so that a fixed set of them covers any disc without grain.
//
// First the pixel's own surface, blurred by its own radius: beyond the focus only with what is beyond too, so
// that nothing sharp bleeds into it; before the focus with all that is about, for there one sees past its edge.
// Then what stands nearer and is blurred more lies over it, as thinly as it is spread.
#include "linear_light.glsl"
#include "display/defocus.glsl"

uniform sampler2D picture;
uniform sampler2D depth;
uniform sampler2D beyond;
uniform sampler2D before;
uniform sampler2D tiles;        // the nearest depth about each tile
uniform int tile_px;

out vec4 colour;

const float SAMPLES = 32.0;
const float FINEST = 3.2;       // pixels of a level: a disc of this radius has one sample a pixel
const float SPREAD = 100.0;
const float PI = 3.14159265;
const mat2 GOLDEN = mat2(-0.7373688, 0.6754903, -0.6754903, -0.7373688);    // 2.3999632 radians

float level_of(float radius) {
    return round(log2(max(radius / FINEST, 1.0)));
}

float samples_for(float radius, float level) {
    float across = radius * exp2(-level);
    return clamp(ceil(PI * across * across), 6.0, SAMPLES);
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    float own = radius_px(texelFetch(depth, here, 0).r);
    float nearest = -radius_px(texelFetch(tiles, here / tile_px, 0).r);
    vec3 seen = texelFetch(picture, here, 0).rgb;
    float radius = abs(own);
    bool is_blurred = radius >= 0.5;
    // Only what is a good deal nearer than this pixel lies over it.
    bool is_covered = nearest >= 0.5 && nearest > 1.5 * max(-own, 0.0);
    if (!is_blurred && !is_covered) {
        colour = vec4(seen, 1.0);
        return;
    }
    vec2 pixel = 1.0 / vec2(textureSize(picture, 0));
    vec2 uv = gl_FragCoord.xy * pixel;
    vec3 sharp = opened(linear_from_srgb(seen));
    vec3 light = sharp;
    if (is_blurred) {
        float level = level_of(radius);
        float count = samples_for(radius, level);
        float softness = exp2(-level);
        vec2 direction = vec2(1.0, 0.0);
        vec4 sum = vec4(0.0);
        if (own > 0.0) {
            for (float i = 0.5; i < count; ++i) {
                float away = sqrt(i / count) * radius;
                vec4 there = textureLod(beyond, uv + direction * away * pixel, level);
                float reach = there.a * widest_px;
                // Farther things have wider discs, but no more of them is seen past this surface.
                float weight = clamp((reach - away) * softness + 0.5, 0.0, 1.0)
                             * min(1.0, own / max(reach, 1.0e-3));
                sum += there * weight;
                direction = GOLDEN * direction;
            }
        } else {
            for (float i = 0.5; i < count; ++i) {
                float away = sqrt(i / count) * radius;
                sum += vec4(textureLod(before, uv + direction * away * pixel, level).rgb, 1.0);
                direction = GOLDEN * direction;
            }
        }
        if (sum.a > 1.0e-4) light = sum.rgb / sum.a;
        light = mix(sharp, light, clamp(2.0 * radius - 1.0, 0.0, 1.0));
    }
    if (own > 1.0 && -nearest < own / 1.5) {
        // Beyond the focus too a nearer thing, which is blurred less, fades over a farther one. Samples are
        // densest in the middle, for discs of any smaller radius.
        float span = 0.6 * own;
        float level = level_of(span);
        float count = samples_for(span, level);
        float softness = exp2(-level);
        vec2 direction = vec2(1.0, 0.0);
        vec4 sum = vec4(0.0);
        for (float i = 0.5; i < count; ++i) {
            float away = i / count * span;
            vec4 there = textureLod(beyond, uv + direction * away * pixel, level);
            float reach = there.a * widest_px;
            float over = reach < 0.5 ? 0.0 : clamp((own - 1.5 * reach) / (0.5 * own), 0.0, 1.0);
            float weight = over * clamp((reach - away) * softness + 0.5, 0.0, 1.0) * i / max(reach * reach, 0.25);
            sum += vec4(there.rgb / max(there.a, 1.0e-4), 1.0) * weight;
            direction = GOLDEN * direction;
        }
        float cover = 2.0 * sum.a * span * span / (count * count);
        if (cover > 1.0e-3) light = mix(light, sum.rgb / sum.a, min(cover, 1.0));
    }
    if (is_covered) {
        float level = level_of(nearest);
        float count = samples_for(nearest, level);
        float softness = exp2(-level);
        float own_before = max(-own, 0.0);
        // Discs end softly, half a pixel of the level beyond their radius.
        float span = nearest + 0.5 / softness;
        vec2 direction = vec2(1.0, 0.0);
        vec4 sum = vec4(0.0);
        for (float i = 0.5; i < count; ++i) {
            float away = sqrt(i / count) * span;
            vec4 there = textureLod(before, uv + direction * away * pixel, level);
            float spread = there.a / SPREAD;
            float reach = min(inversesqrt(max(spread, 1.0e-6)), nearest);
            float over = clamp((reach - 1.5 * own_before) / (0.5 * own_before + 0.5), 0.0, 1.0);
            float weight = spread * over * clamp((reach - away) * softness + 0.5, 0.0, 1.0);
            sum += vec4(there.rgb, 1.0) * weight;
            direction = GOLDEN * direction;
        }
        // A sample stands for its share of the disc that is looked at.
        float cover = sum.a * span * span / count;
        if (cover > 1.0e-3) light = mix(light, sum.rgb / sum.a, min(cover, 1.0));
    }
    colour = vec4(srgb_from_linear(closed(light)), 1.0);
}
