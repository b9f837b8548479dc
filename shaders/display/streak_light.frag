// What the shutter's blur gathers from: linear light, and in alpha the depth, which no half float exceeds.
#include "linear_light.glsl"

uniform sampler2D picture;
uniform sampler2D depth;

out vec4 light;

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    light = vec4(opened(linear_from_srgb(texelFetch(picture, here, 0).rgb)),
                 min(texelFetch(depth, here, 0).r, 6.0e4));
}
