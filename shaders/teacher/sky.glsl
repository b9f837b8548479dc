// The sky as it is seen: colour, clouds with shape and lit edges, sun, moon and stars.

// How much the clouds hide, from the bank's cloud noise.
float cloud_cover(float noise, float up) {
    float amount = look[LOOK_CLOUDS];
    float cover = smoothstep(0.92 - 0.85 * amount, 1.12 - 0.62 * amount, noise) * smoothstep(0.0, 0.08, amount);
    return cover * smoothstep(-0.02, 0.10, up);
}

// The bank of what is no sky holds other things in this place.
float noise_at(ivec2 texel, float instead) {
    texel = clamped(texel);
    return texelFetch(object_map, texel, 0).r == 0u ? unpack_bytes(texelFetch(structure_map, texel, 0).y).y : instead;
}

vec3 sky_seen(ivec2 texel, vec3 toward, float noise, float stars) {
    float night = nightness();
    vec3 colour = clear_sky(toward);
    float near_sun = max(dot(toward, sun_direction.xyz), 0.0);
    float cover = cloud_cover(noise, toward.y);

    // Towards the sun in the picture: what is thinner that way is lit, what is thicker shades itself.
    vec3 across = normalize(ray_per_u.xyz);
    vec3 down = normalize(ray_per_v.xyz);
    vec3 offset = sun_direction.xyz - toward * dot(sun_direction.xyz, toward);
    vec2 way = vec2(dot(offset, across), dot(offset, down));
    way = way / max(length(way), 1e-3) * picture.y / 288.0;
    float slope = 0.0;
    slope += noise - noise_at(texel + ivec2(round(way * 5.0)), noise);
    slope += 0.8 * (noise - noise_at(texel + ivec2(round(way * 12.0)), noise));
    slope += 0.6 * (noise - noise_at(texel + ivec2(round(way * 26.0)), noise));
    float lit = clamp(0.5 + 3.2 * slope, 0.0, 1.0);

    vec3 around = mix(look_colour(LOOK_HORIZON_RED), look_colour(LOOK_ZENITH_RED), 0.35);
    vec3 grey = mix(around, vec3(luminance(around)), 0.45);
    float thick = smoothstep(0.42, 0.95, noise);
    float heavy = smoothstep(0.55, 1.0, look[LOOK_CLOUDS]);
    vec3 base = grey * mix(1.15, 0.62, thick * (0.55 + 0.45 * heavy)) + 0.04 * mean_sky();
    vec3 rim = sun_light() * (0.10 + 0.22 * lit * lit) * mix(1.0, 0.30, heavy) * mix(1.15, 0.55, thick);
    // Thin edges before the sun let it through.
    rim += sun_light() * 0.55 * pow(near_sun, 10.0) * (1.0 - thick) * mix(1.0, 0.4, heavy);
    vec3 cloud = base * (0.82 + 0.36 * lit) + rim;

    float disc = smoothstep(0.99935, 0.99955, dot(toward, sun_direction.xyz)) * step(0.001, sun_direction.y + 0.05);
    float moon = smoothstep(0.9990, 0.99915, dot(toward, sun_direction.xyz));
    float halo = pow(near_sun, 900.0) * 0.5 + pow(near_sun, 120.0) * 0.15;
    vec3 body = mix(disc * sun_light() * 6.0, moon * vec3(1.5, 1.45, 1.3) * (0.55 + 0.6 * noise) + halo * vec3(0.5, 0.55, 0.65), night);
    colour += (1.0 - cover) * body;
    vec3 tint = mix(vec3(1.0, 0.82, 0.66), vec3(0.74, 0.84, 1.0), fract(stars * 37.0));
    colour += (1.0 - cover) * look[LOOK_STARS] * stars * 2.6 * tint * smoothstep(-0.02, 0.2, toward.y);
    colour = mix(colour, cloud, 0.94 * cover);
    if (toward.y < 0.0) colour = mix(colour, mean_sky() * 0.45, smoothstep(0.0, -0.25, toward.y));
    return colour;
}
