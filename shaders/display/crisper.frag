// A steadied picture, a little crisper: as much as averaging along motion has softened it. No pixel goes far
// beyond its neighbours, so that lines get no halo.

uniform sampler2D picture;
uniform float amount;               // share of what a pixel differs by from its neighbours that is added

const float BEYOND = 0.15;          // of the neighbours' range

out vec4 colour;

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    ivec2 limit = textureSize(picture, 0) - 1;
    vec4 own = texelFetch(picture, here, 0);
    vec3 left = texelFetch(picture, max(here - ivec2(1, 0), ivec2(0)), 0).rgb;
    vec3 right = texelFetch(picture, min(here + ivec2(1, 0), limit), 0).rgb;
    vec3 above = texelFetch(picture, max(here - ivec2(0, 1), ivec2(0)), 0).rgb;
    vec3 below = texelFetch(picture, min(here + ivec2(0, 1), limit), 0).rgb;
    vec3 least = min(own.rgb, min(min(left, right), min(above, below)));
    vec3 most = max(own.rgb, max(max(left, right), max(above, below)));
    vec3 crisp = own.rgb + amount * (own.rgb - 0.25 * (left + right + above + below));
    vec3 room = BEYOND * (most - least);
    colour = vec4(clamp(crisp, least - room, most + room), own.a);
}
