// Steadies the picture along exact motion, and fills from before what is not known now.
//
// Every pixel is carried to where its surface was in the picture before, and meets its colour there if the
// same object was seen there at the same depth. Where the picture of now is generated, what was before is
// first clamped to the range of the neighbourhood (Karis, "High-quality temporal supersampling", SIGGRAPH
// 2014), so that what really changed is not held back; where only the blocking stands in, what was
// generated before is the better picture of that surface and is taken whole.
#include "display/carry.glsl"

uniform sampler2D current;          // alpha: how far it is known
uniform sampler2D depth;
uniform usampler2D object;
uniform sampler2D before;           // the steadied picture of the tick before
uniform sampler2D before_key;       // its depth and object ids
uniform float amount;               // 0..1: how much of what was before is kept
uniform float soften;               // 0..1: how much a silhouette is softened, which re-projection leaves hard

const float LASTS = 0.985;          // of how far what stands in is known, a tick
const float AS_GOOD = 0.01;         // what is known no farther than so gives way to what is told now

in vec2 uv;
layout(location = 0) out vec4 colour;
layout(location = 1) out vec2 key;

// Adds the picture before in that texel, if it shows this surface.
void tap(ivec2 texel, float weight, uint id, float expected, inout vec4 sum, inout float known) {
    texel = clamp(texel, ivec2(0), textureSize(before, 0) - 1);
    vec2 there = texelFetch(before_key, texel, 0).rg;
    bool same = uint(there.g + 0.5) == id && (id == 0u || same_depth(there.r, expected));
    vec4 seen = texelFetch(before, texel, 0);
    weight = same && !overhangs(seen.a) ? weight : 0.0;
    sum += seen * weight;
    known += weight;
}

// The picture before about `at` (in texels), of this surface only, and how much of it was seen.
vec4 surface_before(vec2 at, uint id, float expected, out float known) {
    known = 0.0;
    vec4 sum = vec4(0.0);
    if (any(lessThan(at, vec2(-0.5))) || any(greaterThan(at, vec2(textureSize(before, 0)) + 0.5))) return sum;
    ivec2 first = ivec2(floor(at - 0.5));
    vec2 f = at - 0.5 - vec2(first);
    tap(first, (1.0 - f.x) * (1.0 - f.y), id, expected, sum, known);
    tap(first + ivec2(1, 0), f.x * (1.0 - f.y), id, expected, sum, known);
    tap(first + ivec2(0, 1), (1.0 - f.x) * f.y, id, expected, sum, known);
    tap(first + ivec2(1, 1), f.x * f.y, id, expected, sum, known);
    return known > 0.0 ? sum / known : vec4(0.0);
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    uint id = texelFetch(object, here, 0).r;
    float away = texelFetch(depth, here, 0).r;
    vec4 now = texelFetch(current, here, 0);
    ivec2 limit = textureSize(current, 0) - 1;
    vec3 least = now.rgb, most = now.rgb, sum = vec3(0.0), bend_x = vec3(0.0), bend_y = vec3(0.0);
    bool is_edge = false;
    const ivec2 CROSS[4] = ivec2[4](ivec2(1, 0), ivec2(-1, 0), ivec2(0, 1), ivec2(0, -1));
    for (int k = 0; k < 4; ++k) {
        ivec2 at = clamp(here + CROSS[k], ivec2(0), limit);
        vec3 beside = texelFetch(current, at, 0).rgb;
        least = min(least, beside);
        most = max(most, beside);
        sum += beside;
        bool is_own = texelFetch(object, at, 0).r == id;
        is_edge = is_edge || !is_own;
        // What lies beyond a silhouette bends nothing.
        vec3 step = is_own ? beside - now.rgb : vec3(0.0);
        if (k < 2) bend_x += step; else bend_y += step;
    }
    if (is_edge) now.rgb = mix(now.rgb, 0.25 * sum, soften);
    key = vec2(away, float(id));
    colour = now;
    // It does not move with what was blocked here, which is all that is known of the picture before.
    if (overhangs(now.a)) return;
    vec4 clip = carried(id, uv, away);
    if (clip.w <= 0.0) return;
    float known;
    vec2 at = uv_of(clip) * vec2(textureSize(before, 0));
    vec4 then = surface_before(at, id, clip.w, known);
    if (known < 0.1 || then.a < 0.1) return;
    if (now.a < 0.9) {
        // A picture long gone by is worth less than none where parts of the object are known now.
        if (then.a > now.a + AS_GOOD) colour = vec4(then.rgb, then.a * LASTS);
        return;
    }
    if (amount <= 0.0) return;
    // Tick after tick of bilinear sampling would wash detail out. What Catmull-Rom would add to it is half of
    // f (1 − f) times the bend of the picture, and that is the same now as it was: no texel more to fetch.
    // Of the finest detail bilinear sampling loses more than that: 0.8, measured, keeps 96 % of it.
    vec2 f = fract(at - 0.5);
    vec2 lost = 0.8 * f * (1.0 - f);
    then.rgb -= lost.x * bend_x + lost.y * bend_y;
    vec3 kept = clamp(then.rgb, least, most);
    // What was seen in part only is trusted in part.
    colour.rgb = mix(now.rgb, kept, amount * smoothstep(0.3, 0.9, known));
}
