// Such a square, where nothing that was blocked stands before it. What was blocked of the same object has its
// own pixels.
#include "display/carry.glsl"

uniform sampler2D depth;            // now
uniform usampler2D object;

flat in vec3 seen;
flat in float away;
flat in float owner;
out vec4 colour;

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    float there = texelFetch(depth, here, 0).r;
    if (uint(owner + 0.5) == texelFetch(object, here, 0).r) discard;
    if (away > there && !same_depth(there, away)) discard;
    colour = vec4(seen, OVERHANGS);
}
