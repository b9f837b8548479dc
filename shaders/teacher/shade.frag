#version 330 core
// Direct light: sun, sky, lamps and what glows, on bumped and patterned surfaces; the sky with its clouds.
#include "teacher/common.glsl"
#include "teacher/surface.glsl"

layout(location = 0) out vec4 radiance;   // rgb; alpha = share of the open sky that reaches the surface
layout(location = 1) out vec4 mirror;     // specular reflectance, roughness
layout(location = 2) out vec4 shape;      // bumped normal; alpha = puddle
layout(location = 3) out vec4 albedo;

void draw_sky(float bank[16], vec3 toward) {
    vec3 colour = clear_sky(toward);
    float amount = look[LOOK_CLOUDS];
    float cover = smoothstep(0.92 - 0.85 * amount, 1.12 - 0.62 * amount, bank[5]) * smoothstep(0.0, 0.08, amount);
    cover *= smoothstep(-0.02, 0.10, toward.y);
    float near_sun = max(dot(toward, sun_direction.xyz), 0.0);
    vec3 around = mix(look_colour(LOOK_HORIZON_RED), look_colour(LOOK_ZENITH_RED), 0.35);
    vec3 base = mix(around, vec3(luminance(around)), 0.4) * 1.1 + 0.05 * mean_sky();
    float thick = smoothstep(0.45, 0.95, bank[5]);
    vec3 cloud = base * mix(1.35, 0.70, thick) + sun_light() * mix(0.14, 0.03, thick) * (0.6 + 1.4 * pow(near_sun, 4.0));
    float night = 1.0 - smoothstep(0.05, 0.35, look[LOOK_SKY_STRENGTH]);
    // The disc: a sun that blinds by day, a moon with its stains at night.
    float disc = smoothstep(0.99935, 0.99955, dot(toward, sun_direction.xyz)) * step(0.001, sun_direction.y + 0.05);
    float moon = smoothstep(0.9990, 0.99915, dot(toward, sun_direction.xyz));
    colour += (1.0 - cover) * mix(disc * sun_light() * 6.0, moon * vec3(1.4, 1.35, 1.2) * (0.55 + 0.6 * bank[5]), night);
    colour += (1.0 - cover) * look[LOOK_STARS] * bank[8] * 2.2 * smoothstep(-0.02, 0.2, toward.y);
    colour = mix(colour, cloud, 0.92 * cover);
    if (toward.y < 0.0) colour = mix(colour, mean_sky() * 0.45, smoothstep(0.0, -0.25, toward.y));
    radiance = vec4(colour, 1.0);
    mirror = vec4(0.0, 0.0, 0.0, 1.0);
    shape = vec4(0.0, 0.0, 1.0, 0.0);
    albedo = vec4(0.0);
}

// Mikkelsen, "Bump Mapping Unparametrized Surfaces on the GPU", 2010, from the neighbours' relief.
vec3 bumped(ivec2 texel, int row, uint object, float bank[16], vec3 position, float depth, vec3 normal) {
    float here = relief(row, bank);
    float slope[2] = float[2](0.0, 0.0);
    vec3 tangent[2];
    for (int k = 0; k < 2; ++k) {
        ivec2 one_step = k == 0 ? ivec2(1, 0) : ivec2(0, 1);
        ivec2 next = clamped(texel + one_step);
        vec3 ray = ray_at(texel + one_step);
        tangent[k] = ray * (dot(normal, position) / min(dot(normal, ray), -1e-3)) - position;
        if (texelFetch(object_map, next, 0).r == object && abs(depth_at(next) - depth) < 0.05 * depth) {
            float there[16];
            bank_at(next, there);
            slope[k] = relief(row, there) - here;
        }
    }
    vec3 r1 = cross(tangent[1], normal);
    vec3 r2 = cross(normal, tangent[0]);
    float volume = dot(tangent[0], r1);
    vec3 gradient = sign(volume) * (slope[0] * r1 + slope[1] * r2);
    float steepest = 0.9 * abs(volume);
    float steep = length(gradient);
    if (steep > steepest) gradient *= steepest / steep;
    return normalize(abs(volume) * normal - gradient + 1e-9 * normal);
}

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    uint object = texelFetch(object_map, texel, 0).r;
    float bank[16];
    bank_at(texel, bank);
    vec3 ray = ray_at(texel);
    if (object == 0u) {
        draw_sky(bank, normalize(ray));
        return;
    }
    int row = int(object) - 1;
    float depth = texelFetch(depth_map, texel, 0).r;
    vec3 position = ray * depth;
    vec3 normal = normalize(texelFetch(normal_map, texel, 0).xyz);
    Surface s = surface_at(row, bank, normal);
    float puddle = puddle_share(bank, normal);
    vec3 bump = normalize(mix(bumped(texel, row, object, bank, position, depth, normal), normal, puddle));
    vec3 toward_eye = -normalize(position);

    vec4 seen = texelFetch(seen_map, texel, 0);
    float open_share = bank[11];
    float sun_share = seen.r;
    float facing_sun = dot(bump, sun_direction.xyz);
    float thin = material_value(row, MATERIAL_LEAVES);
    float wrapped = mix(max(facing_sun, 0.0), clamp((facing_sun + 0.35) / 1.35, 0.0, 1.0), thin);
    vec3 sun = sun_light() * wrapped * sun_share;
    float up = 0.5 + 0.5 * bump.y;
    vec3 sun_on_ground = sun_light() * max(sun_direction.y, 0.0);
    vec3 ground = look_colour(LOOK_PLACE_RED) * (0.22 * sun_on_ground + 0.30 * mean_sky());
    vec3 sky = mix(ground, mean_sky() * (0.85 + 0.3 * bump.y), up) * open_share * (0.35 + 0.65 * seen.b);
    vec3 lamps = texelFetch(lamplight_map, texel, 0).rgb * look[LOOK_LAMPS] * 5.0;
    // Bumps turn towards lamps too, though which way a lamp lies is not kept: light from above and before.
    lamps *= 0.75 + 0.35 * dot(bump, normalize(normal + 0.8 * toward_eye + vec3(0.0, 0.6, 0.0)));
    vec3 colour = s.albedo * (sun + sky + lamps) + s.emission;

    // The sun's own reflection: Blinn and Phong, normalised.
    vec3 half_way = normalize(sun_direction.xyz + toward_eye);
    float power = 2.0 / max(pow(s.roughness, 4.0), 0.002);
    float lobe = (power + 8.0) / 25.0 * pow(max(dot(bump, half_way), 0.0), power);
    colour += s.specular * min(lobe, 40.0) * sun_light() * sun_share * max(facing_sun, 0.0);

    radiance = vec4(min(colour, 60.0), open_share);
    mirror = vec4(s.specular, s.roughness);
    shape = vec4(bump, puddle);
    albedo = vec4(s.albedo, 1.0);
}
