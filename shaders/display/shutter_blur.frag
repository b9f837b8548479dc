// Shutter blur along exact motion, by gathering: M. McGuire, P. Hennessy, M. Bukowski, B. Osman, "A
// Reconstruction Filter for Plausible Motion Blur", I3D 2012 (the longest motion of the neighbouring tiles,
// depth tells what lies before what), and J. P. Guertin, M. McGuire, D. Nowrouzezahrai, "A Fast and Stable
// Feature-Aware Motion Blur Filter", HPG 2014 (samples along the pixel's own motion too). Weights differ from
// theirs: a box shutter covers a pixel for as long as something is over it, so silhouettes fade in a straight
// line, from nothing half a streak outside to all half a streak inside.
#include "linear_light.glsl"
#include "display/streak.glsl"

uniform sampler2D picture;
uniform sampler2D light;        // linear light, depth in alpha
uniform sampler2D motion;
uniform sampler2D tiles;        // the longest half streak about each tile, pixels
uniform int tile_px;

out vec4 colour;

const float SAMPLES = 32.0;

// How far `there` lies before `here`: a surface that slopes is one with itself.
float before(float there, float here) {
    return clamp((here - there) / (0.06 * there) - 0.5, 0.0, 1.0);
}

float samples_for(float half_px) {
    return clamp(ceil(4.0 * half_px), 8.0, SAMPLES);
}

// Where in its step a sample lies. Steps of a pixel need no jitter; longer ones would show as stripes, which
// interleaved gradient noise (J. Jimenez, SIGGRAPH 2014 courses) turns into an even grain that stays put. (Mip
// levels would leave neither, but a lamp bleeds through its averages into the dark behind it.)
float phase(float half_px, float count) {
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    return 0.5 + (noise - 0.5) * clamp(2.0 * half_px / count - 1.0, 0.0, 1.0);
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    vec2 longest = texelFetch(tiles, here / tile_px, 0).xy;
    vec3 seen = texelFetch(picture, here, 0).rgb;
    float reach = length(longest);
    if (reach < 0.5) {
        colour = vec4(seen, 1.0);
        return;
    }
    ivec2 last = textureSize(light, 0) - 1;
    vec4 self = texelFetch(light, here, 0);
    vec2 own = half_streak(texelFetch(motion, here, 0).xy);
    float length_px = length(own);

    // The pixel's own surface, and past its edge what is behind it.
    vec3 result = self.rgb;
    if (length_px >= 0.25) {
        float count = samples_for(length_px), start = phase(length_px, count);
        vec4 sum = vec4(self.rgb, 1.0) * 1.0e-3;
        for (float i = 0.0; i < count; ++i) {
            float t = (i + start) / count * 2.0 - 1.0;
            ivec2 at = ivec2(floor(gl_FragCoord.xy + own * t));
            if (any(lessThan(at, ivec2(0))) || any(greaterThan(at, last))) continue;
            vec4 there = texelFetch(light, at, 0);
            sum += vec4(there.rgb, 1.0) * (1.0 - before(there.a, self.a));
        }
        result = sum.rgb / sum.a;
    }
    // What moves nearer than this pixel is over it for a part of the time.
    float count = samples_for(reach), start = phase(reach, count);
    vec4 sum = vec4(0.0);
    for (float i = 0.0; i < count; ++i) {
        float t = (i + start) / count * 2.0 - 1.0;
        ivec2 at = ivec2(floor(gl_FragCoord.xy + longest * t));
        if (any(lessThan(at, ivec2(0))) || any(greaterThan(at, last))) continue;
        vec4 there = texelFetch(light, at, 0);
        float streak = length(half_streak(texelFetch(motion, at, 0).xy));
        float over = clamp(streak - abs(t) * reach + 0.5, 0.0, 1.0) * before(there.a, self.a);
        sum += vec4(there.rgb, 1.0) * (over / max(streak, 0.25));
    }
    float cover = sum.a * reach / count;
    if (cover > 1.0e-3) result = mix(result, sum.rgb / sum.a, min(cover, 1.0));
    colour = vec4(srgb_from_linear(closed(result)), 1.0);
}
