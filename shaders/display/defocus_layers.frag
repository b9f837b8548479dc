// What depth of field gathers from, in two layers whose mip levels are averages that mean something:
// `beyond` holds light times radius, so that what is in focus weighs nothing and cannot bleed; `before` holds
// plain light, and in alpha how thinly a point before the focus is spread (1 / radius², nothing for others).
#include "linear_light.glsl"
#include "display/defocus.glsl"

uniform sampler2D picture;
uniform sampler2D depth;

layout(location = 0) out vec4 beyond;
layout(location = 1) out vec4 before;

const float SPREAD = 100.0;     // keeps 1 / radius² among the normal half floats; as in depth_of_field.frag

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    vec3 light = opened(linear_from_srgb(texelFetch(picture, here, 0).rgb));
    float radius = radius_px(texelFetch(depth, here, 0).r);
    float share = max(radius, 0.0) / widest_px;
    beyond = vec4(light * share, share);
    before = vec4(light, radius < -0.5 ? SPREAD / (radius * radius) : 0.0);
}
