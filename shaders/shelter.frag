// How far each pixel's surface is sheltered from what falls from the sky, from a shadow map seen from straight
// above. Rain and snow drift: the shelter's edge is soft.
#include "view.glsl"

uniform sampler2D depth_map;
uniform sampler2D normal_map;
uniform sampler2DShadow shelter_map;
uniform mat4 above_from_world;
uniform float texel_m;        // metres across one texel of the shelter map
uniform float texel_uv;

out float share;

const float DRIFT_M = 0.45;

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depth_map, pixel, 0).r;
    if (depth > SKY_DEPTH_LIMIT) {
        share = 0.0;
        return;
    }
    vec3 normal = texelFetch(normal_map, pixel, 0).xyz;
    float sine = sqrt(max(1.0 - normal.y * normal.y, 0.0));
    vec3 world = camera_position.xyz + view_ray(gl_FragCoord.xy * picture.zw) * depth;
    // Off the surface, so that it does not shelter itself: as in shadow.frag.
    world += normal * texel_m * (0.5 + 2.0 * sine) + vec3(0.0, 0.02, 0.0);
    vec3 at = (above_from_world * vec4(world, 1.0)).xyz * 0.5 + 0.5;
    float drift = max(DRIFT_M / texel_m, 1.0) * texel_uv;
    if (any(lessThan(at.xy, vec2(drift))) || any(greaterThan(at.xy, vec2(1.0 - drift)))) {
        share = 0.0;
        return;
    }
    at.z = clamp(at.z, 0.0, 1.0);
    float open = 2.0 * texture(shelter_map, at);
    for (int k = 0; k < 6; ++k) {
        float angle = 1.0471976 * float(k);
        open += texture(shelter_map, at + vec3(drift * vec2(cos(angle), sin(angle)), 0.0));
    }
    share = 1.0 - open / 8.0;
}
