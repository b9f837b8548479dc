// The share of the sun that reaches each pixel's surface, from the sun's shadow map.
#include "view.glsl"

uniform sampler2D depth_map;
uniform sampler2D normal_map;
uniform sampler2DShadow shadow_map;
uniform mat4 light_from_world;
uniform float texel_m;        // metres across one texel of the shadow map
uniform float texel_uv;

out float share;

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depth_map, pixel, 0).r;
    if (depth > SKY_DEPTH_LIMIT) {
        share = 1.0;
        return;
    }
    vec3 normal = texelFetch(normal_map, pixel, 0).xyz;
    float cosine = dot(normal, sun_direction.xyz);
    if (cosine <= 0.0) {
        share = 0.0;
        return;
    }
    // Leaving the surface along its normal keeps the kernel's own texels from shadowing it (acne) and moves
    // the shadow's root by less than a depth bias that does the same (peter-panning).
    float sine = sqrt(max(1.0 - cosine * cosine, 0.0));
    vec3 world = camera_position.xyz + view_ray(gl_FragCoord.xy * picture.zw) * depth;
    world += normal * texel_m * (0.5 + 2.0 * sine);
    vec3 at = (light_from_world * vec4(world, 1.0)).xyz * 0.5 + 0.5;
    if (any(lessThan(at.xy, vec2(2.0 * texel_uv))) || any(greaterThan(at.xy, vec2(1.0 - 2.0 * texel_uv)))) {
        share = 1.0;
        return;
    }
    at.z = clamp(at.z, 0.0, 1.0);
    float lit = 0.0;
    // Four bilinear lookups half a texel off: a 3×3 kernel with weights 1 2 1.
    float half_texel = 0.5 * texel_uv;
    lit += texture(shadow_map, vec3(at.xy + vec2(-half_texel, -half_texel), at.z));
    lit += texture(shadow_map, vec3(at.xy + vec2(half_texel, -half_texel), at.z));
    lit += texture(shadow_map, vec3(at.xy + vec2(-half_texel, half_texel), at.z));
    lit += texture(shadow_map, vec3(at.xy + vec2(half_texel, half_texel), at.z));
    // A faceted ball would shadow its own facets where the light only grazes them.
    share = 0.25 * lit * smoothstep(0.0, 0.06, cosine);
}
