// What a surface is made of at one pixel: the material's patterns, people's clothes, and what weather and
// place have laid on it.

struct Surface {
    vec3 albedo;      // linear
    vec3 emission;    // linear radiance
    vec3 specular;    // reflectance at normal incidence, linear
    float roughness;
    float thin;       // light comes through: leaves, paper, curtains
    float pane;       // share of glass with a room behind it
};

float material_value(int row, int index) {
    return texelFetch(material_table, ivec2(row % TABLE_FOLD, row / TABLE_FOLD * TABLE_COLUMNS + (index >> 2)), 0)[index & 3];
}

vec3 material_colour(int row, int first) {
    return linear_from_srgb(vec3(material_value(row, first), material_value(row, first + 1),
                                 material_value(row, first + 2)));
}

// How high the surface stands out, metres: what bumps are made from.
float relief(int row, float bank[16]) {
    float h = 0.014 * material_value(row, MATERIAL_BRICK) * smoothstep(0.0, 0.3, bank[0]) * (0.8 + 0.2 * bank[0]);
    h += 0.006 * material_value(row, MATERIAL_PLANKS) * bank[1];
    h += 0.007 * material_value(row, MATERIAL_TILES) * smoothstep(0.0, 0.3, bank[2]);
    h += 0.0025 * material_value(row, MATERIAL_WEAVE) * bank[3];
    // What is polished is smooth.
    float matt = 1.0 - 0.9 * smoothstep(0.2, 0.65, material_value(row, MATERIAL_GLOSS));
    h += 0.012 * matt * material_value(row, MATERIAL_BLOTCHES) * bank[5];
    h -= 0.012 * material_value(row, MATERIAL_VEINS) * bank[6];
    h += 0.080 * material_value(row, MATERIAL_LEAVES) * bank[7];
    h += 0.007 * matt * material_value(row, MATERIAL_GRAIN) * bank[8];
    return h;
}

// `rained` is how much of what falls from the sky gets here.
float puddle_share(float bank[16], vec3 normal, float rained) {
    float wet = look[LOOK_WET] * rained;
    return smoothstep(0.85, 0.98, normal.y) * smoothstep(0.62 - 0.42 * wet, 0.72 - 0.42 * wet, 1.0 - bank[5]) * smoothstep(0.15, 0.5, wet);
}

vec3 hair_colour(float tone) {
    vec3 c = mix(vec3(0.012, 0.010, 0.010), vec3(0.085, 0.040, 0.020), smoothstep(0.0, 0.3, tone));
    c = mix(c, vec3(0.46, 0.28, 0.11), smoothstep(0.3, 0.65, tone));
    return mix(c, vec3(0.75, 0.74, 0.72), smoothstep(0.65, 1.0, tone));
}

vec3 skin_colour(float tone) {
    return mix(mix(vec3(0.66, 0.40, 0.30), vec3(0.40, 0.20, 0.11), smoothstep(0.0, 0.55, tone)),
               vec3(0.065, 0.030, 0.018), smoothstep(0.55, 1.0, tone));
}

// Clothes, skin and hair by place on the figure; proportions are those of scene/figure_body.py.
void dress(int row, float bank[16], vec3 top, vec3 legs, inout Surface s) {
    float x = abs(bank[13] - 0.5) * 0.285;
    float y = bank[14];
    float z = (bank[15] - 0.5) * 0.165;
    float side = bank[13] - 0.5;
    vec3 skin = skin_colour(material_value(row, MATERIAL_SKIN));
    vec3 hair = hair_colour(material_value(row, MATERIAL_HAIR));
    int stuff = int(material_value(row, MATERIAL_STUFF));
    bool hand = x > 0.1005 && y > 0.36 && y < 0.487;
    bool head = y > 0.853;
    float fold = 0.75 + 0.5 * bank[3];
    s.albedo = y > 0.545 || (x > 0.1005 && y > 0.4) ? top * fold : legs * (0.8 + 0.4 * bank[3]);
    if (stuff == STUFF_GARMENT_TOP) s.albedo = top * (0.90 + 0.20 * bank[3]);
    if (stuff == STUFF_GARMENT_LEGS) s.albedo = legs * (0.90 + 0.20 * bank[3]);
    if (stuff == STUFF_HAIR) {
        s.albedo = hair * (0.6 + 0.8 * bank[3]);
        s.roughness = 0.45;
    }
    if (stuff == STUFF_SKIN || stuff == STUFF_LIPS) {
        // A face that is modelled needs no painted one: only blood under the skin.
        float blood = head ? smoothstep(0.016, 0.0, abs(abs(side) * 0.285 - 0.026) + 1.2 * abs(y - 0.905)) + 0.7 * smoothstep(0.012, 0.0, abs(side) * 0.285 + abs(y - 0.908)) : 0.0;
        s.albedo = skin * (0.94 + 0.12 * bank[8]) * mix(vec3(1.0), vec3(1.05, 0.84, 0.80), blood * (hand ? 0.0 : 1.0));
        s.roughness = 0.5;
        if (stuff == STUFF_LIPS) {
            s.albedo = skin * vec3(0.82, 0.50, 0.47);
            s.roughness = 0.35;
        }
    }
    if (stuff == STUFF_GARMENT_TOP || stuff == STUFF_GARMENT_LEGS || stuff == STUFF_HAIR || stuff == STUFF_SKIN || stuff == STUFF_LIPS) return;
    if (y > 0.535 && y < 0.553 && x < 0.1) s.albedo = vec3(0.03, 0.025, 0.02);
    if (y < 0.048) s.albedo = vec3(0.035, 0.03, 0.028) + 0.15 * legs;
    if (y > 0.6 && y < 0.83 && z > 0.03 && x < 0.006) s.albedo *= 0.45;
    if (y > 0.80 && y < 0.853 && z > 0.012 && x < 0.035 - 0.9 * (0.853 - y)) s.albedo = skin;
    if (hand || head || (y > 0.828 && x < 0.034)) {
        s.albedo = skin * (0.94 + 0.12 * bank[8]);
        s.roughness = 0.55;
    }
    if (head && y > 0.906 + 0.46 * max(z + 0.03, 0.0)) {
        s.albedo = hair * (0.6 + 0.8 * bank[3]);
        s.roughness = 0.45;
    } else if (head && z > 0.02) {
        float eye = length(vec2((abs(side) * 0.285 - 0.0165) / 0.0085, (y - 0.927) / 0.0048));
        s.albedo *= mix(0.25, 1.0, smoothstep(0.6, 1.2, eye));
        float brow = length(vec2((abs(side) * 0.285 - 0.0170) / 0.0125, (y - 0.9375) / 0.0034));
        s.albedo = mix(mix(hair, s.albedo, 0.35), s.albedo, smoothstep(0.7, 1.2, brow));
        float mouth = length(vec2(side * 0.285 / 0.0150, (y - 0.892) / 0.0045));
        s.albedo = mix(s.albedo * vec3(0.75, 0.38, 0.36), s.albedo, smoothstep(0.6, 1.2, mouth));
        s.albedo *= mix(vec3(1.0, 0.82, 0.78), vec3(1.0), smoothstep(0.0, 0.02, abs(abs(side) * 0.285 - 0.027) + abs(y - 0.908)));
    }
}

vec3 object_size(int row) {
    return vec3(material_value(row, MATERIAL_SIZE), material_value(row, MATERIAL_SIZE + 1), material_value(row, MATERIAL_SIZE + 2));
}

// Of the pane that a place in the object's own space belongs to: its chance, as `panes` of structure.glsl
// hashes it, and the place within the opening, 0..1 each way.
vec3 pane_at(int row, vec3 anchor) {
    vec3 size = object_size(row);
    bool side = 0.5 * size.x - abs(anchor.x) < 0.5 * size.z - abs(anchor.z);
    vec2 extent = side ? size.zy : size.xy;
    vec2 corner = vec2((side ? anchor.z : anchor.x) + 0.5 * extent.x, anchor.y);
    vec2 count = max(roundEven(extent / vec2(1.9, 3.0)), 1.0);
    vec2 q = corner / max(extent / count, 1e-3);
    uint hashed = seed * 2654435761u + uint(material_value(row, MATERIAL_HASHED)) * 97u + 27u;
    return vec3(hash_cell(ivec3(ivec2(floor(q)), 7), hashed).y, (fract(q) - vec2(0.22, 0.28)) / vec2(0.56, 0.52));
}

// A lit room seen through its window: a bright ceiling lamp, furniture's shade below, a curtain at the side.
vec3 room_seen(float chance, vec2 at) {
    float kind = fract(chance * 53.0);
    vec3 light = mix(vec3(1.0, 0.52, 0.18), vec3(1.0, 0.78, 0.50), fract(chance * 17.0));
    light = kind > 0.88 ? vec3(0.62, 0.82, 1.0) : light;
    float high = mix(0.45, 1.15, smoothstep(0.0, 0.9, at.y));
    float lamp = exp(-14.0 * dot(at - vec2(0.3 + 0.4 * kind, 0.82), at - vec2(0.3 + 0.4 * kind, 0.82)));
    float things = 1.0 - 0.55 * step(at.y, 0.16 + 0.22 * fract(chance * 91.0 + floor(at.x * 3.0) * 0.37));
    float drawn = fract(chance * 29.0);
    float edge = 0.12 + 0.38 * fract(chance * 71.0);
    float curtain = drawn > 0.45 ? smoothstep(edge + 0.02, edge - 0.02, min(at.x, 1.0 - at.x)) : 0.0;
    float folds = 0.75 + 0.25 * sin(at.x * 60.0 + 9.0 * kind);
    vec3 room = light * (high * things + 1.4 * lamp);
    vec3 cloth = light * vec3(0.75, 0.62, 0.50) * 0.55 * folds;
    return mix(room, cloth, curtain);
}

Surface surface_at(int row, float bank[16], vec3 normal, vec3 anchor, float rained, float fold) {
    Surface s;
    int stuff = int(material_value(row, MATERIAL_STUFF));
    vec3 first = material_colour(row, MATERIAL_FIRST_RED);
    vec3 second = material_colour(row, MATERIAL_SECOND_RED);
    bool person = material_value(row, MATERIAL_COUNT) > 0.5;
    float gloss = material_value(row, MATERIAL_GLOSS);
    float metal = material_value(row, MATERIAL_METAL);
    float wear = material_value(row, MATERIAL_WEAR);
    s.roughness = 1.0 - gloss;
    s.emission = vec3(0.0);

    // How much of the second colour shows, and how light the cells of a pattern are.
    float w_brick = material_value(row, MATERIAL_BRICK);
    float w_planks = material_value(row, MATERIAL_PLANKS);
    float w_tiles = material_value(row, MATERIAL_TILES);
    float w_weave = material_value(row, MATERIAL_WEAVE);
    float w_stripes = material_value(row, MATERIAL_STRIPES);
    float w_blotches = material_value(row, MATERIAL_BLOTCHES);
    float w_veins = material_value(row, MATERIAL_VEINS);
    float w_leaves = material_value(row, MATERIAL_LEAVES);
    float w_grain = material_value(row, MATERIAL_GRAIN);
    float keep = (1.0 - w_brick * (1.0 - smoothstep(0.05, 0.33, bank[0])))
               * (1.0 - w_tiles * (1.0 - smoothstep(0.05, 0.33, bank[2])))
               * (1.0 - w_stripes * bank[4])
               * (1.0 - w_veins * 0.9 * bank[6])
               * (1.0 - 0.85 * w_blotches * smoothstep(0.42, 0.80, bank[5]))
               * (1.0 - 0.8 * w_leaves * smoothstep(0.62, 0.30, bank[7]))
               * (1.0 - 0.7 * w_planks * (1.0 - smoothstep(0.0, 0.75, bank[1])));
    float light = 1.0 + w_brick * 1.1 * (bank[0] - 0.66) * step(0.2, bank[0])
                + w_tiles * 0.5 * (bank[2] - 0.66) * step(0.2, bank[2])
                + w_planks * 1.3 * (bank[1] - 0.62)
                + w_weave * 0.45 * (bank[3] - 0.5)
                + w_leaves * 1.6 * (bank[7] - 0.5)
                + w_grain * 1.5 * (bank[8] - 0.5)
                + w_blotches * 0.4 * (bank[5] - 0.5);
    s.albedo = mix(second, first, keep) * clamp(light, 0.12, 2.2);
    // No two bricks, boards or tiles are burnt, grown or cut alike: some warmer, some cooler.
    float warm = w_brick * (bank[0] - 0.66) * step(0.2, bank[0]) * 0.9 + w_tiles * (bank[2] - 0.66) * step(0.2, bank[2]) * 0.5
               + w_planks * (bank[1] - 0.5) * 0.5 + w_leaves * (bank[7] - 0.5) * 0.7 + 0.25 * w_blotches * (bank[5] - 0.5);
    s.albedo *= 1.0 + vec3(0.38, 0.04, -0.34) * warm;
    s.thin = w_leaves;
    if (person) {
        dress(row, bank, s.albedo, second * clamp(light, 0.4, 1.6), s);
    }
    // Dirt in the hollows and towards the ground, chipped light edges at the box's corners.
    vec3 from_middle = abs(vec3(bank[13], bank[14], bank[15]) - 0.5) * 2.0;
    float second_largest = max(min(from_middle.x, from_middle.y), min(max(from_middle.x, from_middle.y), from_middle.z));
    float chipped = person ? 0.0 : smoothstep(0.93, 1.0, second_largest + 0.12 * (bank[7] - 0.5)) * wear;
    // Folds of the finished surface itself: rubbed edges, dirt in the grooves.
    if (!person) {
        s.albedo *= 1.0 + (0.25 + 0.55 * wear) * clamp(fold, -0.6, 0.8);
        chipped = max(chipped, smoothstep(0.30, 0.75, fold + 0.5 * (bank[7] - 0.5)) * wear * 0.8);
    }
    float dirt = wear * smoothstep(0.35, 0.85, bank[5] + 0.35 * (1.0 - bank[14]) + 0.6 * (1.0 - bank[11]) - 0.25);
    s.albedo = mix(s.albedo, s.albedo * vec3(0.42, 0.36, 0.30), 0.75 * dirt);
    s.albedo = mix(s.albedo, mix(s.albedo, vec3(0.55), 0.6), chipped);

    // Panes: dark glass, or a lit room. Where windows are built, the glass is where it was built.
    float w_windows = material_value(row, MATERIAL_WINDOWS);
    bool built = stuff == STUFF_PANE;
    vec3 through = built ? pane_at(row, anchor) : vec3(clamp((bank[9] - 0.3) / 0.7, 0.0, 1.0), 0.5, 0.6);
    float pane = (built ? 1.0 : smoothstep(0.08, 0.28, bank[9])) * smoothstep(0.05, 0.25, w_windows);
    float chance = through.x;
    float lit_share = material_value(row, MATERIAL_LIT);
    float lit = smoothstep(1.0 - lit_share - 0.04, 1.0 - lit_share + 0.04, chance) * step(0.02, lit_share);
    float lamps = look[LOOK_LAMPS];
    vec3 dark = vec3(0.020, 0.026, 0.034);
    // By day a room is dim and a blind or a curtain shows.
    if (built && fract(chance * 29.0) > 0.45) {
        float edge = 0.12 + 0.38 * fract(chance * 71.0);
        dark = mix(dark, vec3(0.22, 0.20, 0.18) * (0.8 + 0.2 * sin(through.y * 60.0)), 0.6 * smoothstep(edge + 0.02, edge - 0.02, min(through.y, 1.0 - through.y)));
    }
    s.albedo = mix(s.albedo, dark, pane);
    s.roughness = mix(s.roughness, 0.06, pane);
    s.pane = pane;
    metal *= 1.0 - pane;
    gloss = mix(gloss, 1.0, pane);
    float day = smoothstep(0.25, 0.7, look[LOOK_SKY_STRENGTH]);
    vec3 room = room_seen(chance, through.yz);
    s.emission += pane * lit * room * (0.10 + 1.7 * lamps * lamps + 0.6 * lamps) * mix(1.0, 0.35, day);

    float glowing = material_value(row, MATERIAL_EMISSION);
    // Bright, but not so bright that its colour burns out: the halo tells how strong it is.
    vec3 glare = first * (0.6 + 2.4 * lamps);
    s.emission += glare / (1.0 + 0.16 * luminance(glare)) * glowing * (person ? 0.3 : 1.0);
    s.albedo *= 1.0 - 0.6 * glowing;

    // Place: dust and moss lie on what faces up and in large stains.
    float place = look[LOOK_PLACE_AMOUNT] * (person ? 0.35 : 1.0) * (1.0 - pane);
    // It gathers in stains with borders, so that what lies under it still tells what it is.
    float gathers = 0.30 + 0.45 * smoothstep(0.1, 0.9, normal.y) + 1.1 * (bank[5] - 0.5) + 0.35 * (bank[7] - 0.5);
    float dust = place * smoothstep(0.62 - 0.62 * place, 1.0 - 0.45 * place, gathers + 0.35 * place) * (1.0 - glowing);
    vec3 dust_colour = look_colour(LOOK_PLACE_RED) * (0.75 + 0.5 * bank[8]) * (0.85 + 0.3 * bank[7]);
    s.albedo = mix(s.albedo, dust_colour, 0.85 * dust);
    s.roughness = mix(s.roughness, 0.95, dust);
    metal *= 1.0 - dust;

    // Water darkens what is porous, and stands in the hollows of level ground.
    float wet = look[LOOK_WET] * mix(0.12, 1.0, rained) * clamp(0.55 + 0.45 * normal.y + 0.5 * (0.5 - bank[5]), 0.0, 1.0);
    s.albedo *= 1.0 - 0.45 * wet * (1.0 - metal);
    s.roughness = mix(s.roughness, min(s.roughness, 0.28), wet);
    gloss = max(gloss, 0.75 * wet);
    float puddle = puddle_share(bank, normal, rained);
    s.albedo *= 1.0 - 0.6 * puddle;
    s.roughness = mix(s.roughness, 0.03, puddle);
    gloss = max(gloss, puddle);

    float snow_amount = look[LOOK_SNOW] * rained;
    float snow = smoothstep(0.62 - 0.45 * snow_amount, 0.85 - 0.45 * snow_amount, normal.y * 0.78 + 0.06 + 0.22 * bank[5] + 0.12 * (bank[7] - 0.5)) * smoothstep(0.03, 0.3, snow_amount);
    s.albedo = mix(s.albedo, vec3(0.80, 0.84, 0.90) * (0.92 + 0.12 * bank[7]), snow);
    s.emission *= 1.0 - 0.8 * snow;
    s.roughness = mix(s.roughness, 0.7, snow);
    metal *= 1.0 - snow;
    gloss *= 1.0 - 0.7 * snow;

    s.specular = mix(vec3(0.045 * smoothstep(0.0, 0.5, gloss)), s.albedo, metal);
    s.albedo *= 1.0 - 0.95 * metal;
    return s;
}
