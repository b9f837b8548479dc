// Object ids, each in a colour of its own: steps of the golden ratio around the hues, so that ids that follow
// each other lie far apart; brightness and purity are hashed. The sky is black.
#include "hash.glsl"

uniform usampler2D map;

in vec2 uv;
out vec4 colour;

const float GOLDEN = 0.61803398875;

void main() {
    ivec2 size = textureSize(map, 0);
    uint id = texelFetch(map, min(ivec2(uv * vec2(size)), size - 1), 0).r;
    vec2 chance = vec2(pcg4d(uvec4(id, 0u, 0u, 0u)).xy >> 8u) / 16777216.0;
    float turn = fract(float(id) * GOLDEN);
    vec3 hue = clamp(abs(fract(turn + vec3(0.0, 2.0, 1.0) / 3.0) * 6.0 - 3.0) - 1.0, 0.0, 1.0);
    vec3 seen = mix(vec3(1.0), hue, 0.45 + 0.4 * chance.x) * (0.55 + 0.4 * chance.y);
    colour = vec4(id == 0u ? vec3(0.0) : seen, 1.0);
}
