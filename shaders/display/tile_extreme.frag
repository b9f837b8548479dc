// One texel for a block of texels: the nearest depth among them, or with STREAKS the longest half streak; with
// FROM_MOTION the map is the motion target. Drawn across, then down, then over the tiles about each: after
// that a tile knows what may reach into it.
#ifdef FROM_MOTION
#include "display/streak.glsl"
#endif

uniform sampler2D map;
uniform ivec2 block;    // texels of the map that are looked at
uniform ivec2 stride;   // texels of the map from block to block
uniform int margin;     // texels of the map by which a block begins before its place

out vec4 extreme;

void main() {
    ivec2 last = textureSize(map, 0) - 1;
    ivec2 first = ivec2(gl_FragCoord.xy) * stride - margin;
#ifdef STREAKS
    vec2 longest = vec2(0.0);
#else
    float nearest = uintBitsToFloat(0x7f800000u);
#endif
    for (int y = 0; y < block.y; ++y) {
        for (int x = 0; x < block.x; ++x) {
            ivec2 at = clamp(first + ivec2(x, y), ivec2(0), last);
#ifdef STREAKS
            vec2 moved = texelFetch(map, at, 0).xy;
#ifdef FROM_MOTION
            moved = half_streak(moved);
#endif
            if (dot(moved, moved) > dot(longest, longest)) longest = moved;
#else
            nearest = min(nearest, texelFetch(map, at, 0).r);
#endif
        }
    }
#ifdef STREAKS
    extreme = vec4(longest, 0.0, 1.0);
#else
    extreme = vec4(nearest, 0.0, 0.0, 1.0);
#endif
}
