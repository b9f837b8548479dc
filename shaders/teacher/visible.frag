#version 330 core
// How much of the sun and of the sky every pixel sees, from depth maps of the finished scene.
//   sun    one map about what the camera sees: the shadow's softness grows with the caster's distance
//   sky    many small maps in one atlas, one a direction of the upper half of the world
#include "view.glsl"
#include "structure.glsl"

uniform sampler2D depth_map;
uniform sampler2D normal_map;
uniform sampler2D sun_map;
uniform sampler2DShadow sun_compare;
uniform mat4 sun_from_world;
uniform vec4 sun_measure;        // metres across the map, metres of its depth, 1 / texels, tangent of the sun's half angle
uniform sampler2DShadow sky_map;
uniform mat4 sky_from_world[SKY_COUNT];
uniform vec3 sky_toward[SKY_COUNT];
uniform vec4 sky_measure;        // metres across each map, metres of its depth, 1 / texels of a map, maps a row of the atlas
uniform uint seed;

layout(location = 0) out vec4 seen;     // the sun's share; how open overhead: what rain and snow reach; how open all round;
                                        // the share of the air before it that the sun lights
layout(location = 1) out vec4 skylight; // of an even zenith and an even horizon: their shares of the light;
                                        // the share of the sky that a mirror here shows; 1

float sun_share(vec3 world, vec3 normal, float turn) {
    float cosine = dot(normal, sun_direction.xyz);
    if (cosine <= 0.0) return 0.0;
    float texel_m = sun_measure.x * sun_measure.z;
    float sine = sqrt(max(1.0 - cosine * cosine, 0.0));
    world += normal * texel_m * (0.7 + 2.0 * sine);
    vec3 at = (sun_from_world * vec4(world, 1.0)).xyz * 0.5 + 0.5;
    if (any(lessThan(at.xy, vec2(0.01))) || any(greaterThan(at.xy, vec2(0.99)))) return 1.0;
    at.z = clamp(at.z, 0.0, 1.0);
    // What stands before the surface, on average, and how far: percentage-closer soft shadows (Fernando, 2005).
    float widest = clamp(6.0 * sun_measure.w / sun_measure.x, 1.5 * sun_measure.z, 0.02);
    float found = 0.0;
    float sum = 0.0;
    for (int k = 0; k < 10; ++k) {
        float r = sqrt((float(k) + 0.5) / 10.0) * widest;
        float a = 2.399963 * float(k) + turn;
        float there = textureLod(sun_map, at.xy + r * vec2(cos(a), sin(a)), 0.0).r;
        // The kernel slopes with the surface: a plane must not shadow itself.
        float slack = r * sun_measure.x * sine / max(cosine, 0.15) / sun_measure.y + 0.0002;
        if (there < at.z - slack) { found += 1.0; sum += at.z - there; }
    }
    if (found < 0.5) return smoothstep(0.0, 0.06, cosine);
    float before_m = sum / found * sun_measure.y;
    float soft = clamp(before_m * sun_measure.w / sun_measure.x, 0.8 * sun_measure.z, widest);
    float lit = 0.0;
    for (int k = 0; k < 12; ++k) {
        float r = sqrt((float(k) + 0.5) / 12.0) * soft;
        float a = 2.399963 * float(k) + turn;
        float slack = r * sun_measure.x * sine / max(cosine, 0.15) / sun_measure.y;
        lit += texture(sun_compare, vec3(at.xy + r * vec2(cos(a), sin(a)), at.z - slack));
    }
    return lit / 12.0 * smoothstep(0.0, 0.06, cosine);
}

// The mean of what the sun lights along the ray, the air's own thinning left to the look.
float sunlit_air(vec3 ray, float depth, float chance) {
    float reach = min(depth, 45.0 / length(ray));
    float lit = 0.0;
    for (int k = 0; k < 10; ++k) {
        vec3 world = camera_position.xyz + ray * reach * (float(k) + chance) / 10.0;
        vec3 at = (sun_from_world * vec4(world, 1.0)).xyz * 0.5 + 0.5;
        bool inside = all(greaterThan(at.xy, vec2(0.005))) && all(lessThan(at.xy, vec2(0.995)));
        lit += inside ? texture(sun_compare, vec3(at.xy, clamp(at.z, 0.0, 1.0))) : 1.0;
    }
    return lit / 10.0;
}

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depth_map, pixel, 0).r;
    vec3 ray = view_ray(gl_FragCoord.xy * picture.zw);
    vec3 chance = hash_cell(ivec3(pixel, 5), seed);
    float air = sunlit_air(ray, min(depth, 1e4), chance.y);
    if (depth > SKY_DEPTH_LIMIT) {
        seen = vec4(1.0, 1.0, 1.0, air);
        skylight = vec4(1.0);
        return;
    }
    vec3 normal = normalize(texelFetch(normal_map, pixel, 0).xyz);
    vec3 world = camera_position.xyz + ray * depth;
    float sun = sun_share(world, normal, 6.2832 * chance.x);

    float texel_m = sky_measure.x * sky_measure.z;
    // The maps' triangles are coarse: a surface must stand off its own.
    vec3 lifted = world + normal * max(texel_m * 1.6, 0.11);
    float overhead = 0.0, overhead_whole = 0.0, all_round = 0.0;
    vec2 light = vec2(0.0);
    vec3 mirrored = reflect(normalize(ray), normal);
    vec2 shown = vec2(0.0);
    for (int k = 0; k < SKY_COUNT; ++k) {
        vec3 toward = sky_toward[k];
        vec3 at = (sky_from_world[k] * vec4(lifted + toward * texel_m, 1.0)).xyz * 0.5 + 0.5;
        // Neighbours look at neighbouring texels: the maps' edges melt when the picture is made smaller.
        at.xy += (fract(chance.yz + 0.754878 * float(k) * vec2(1.0, 0.7549)) - 0.5) * 1.3 * sky_measure.z;
        float open = 1.0;
        if (all(greaterThan(at.xy, vec2(2.0 * sky_measure.z))) && all(lessThan(at.xy, vec2(1.0 - 2.0 * sky_measure.z)))) {
            vec2 tile = vec2(float(k % int(sky_measure.w)), float(k / int(sky_measure.w)));
            float rows = ceil(float(SKY_COUNT) / sky_measure.w);
            open = texture(sky_map, vec3((tile + at.xy) / vec2(sky_measure.w, rows), clamp(at.z, 0.0, 1.0)));
        }
        float cosine = max(dot(normal, toward), 0.0);
        float up = pow(toward.y, 0.55);
        light += open * cosine * vec2(up, 1.0 - up);
        float steep = toward.y * toward.y * toward.y;
        overhead += open * steep;
        overhead_whole += steep;
        all_round += open;
        float near = pow(0.5 + 0.5 * dot(mirrored, toward), 24.0);
        shown += near * vec2(open, 1.0);
    }
    // Directions share half the sphere evenly: 2π / count each, and a matt surface sends 1 / π of it.
    light *= 2.0 / float(SKY_COUNT);
    seen = vec4(sun, overhead / overhead_whole, all_round / float(SKY_COUNT), air);
    skylight = vec4(light, shown.x / max(shown.y, 1e-6), 1.0);
}
