// The structured bank: patterns and noise that stick to surfaces.
//
// Everything is hashed from the object-space anchor, so a texture drawn from it holds still on a moving
// object under a moving camera. Each band fades to its mean where the pixel's footprint grows past it,
// so nothing aliases. All values lie in 0..1.

const int STRUCTURE_CHANNELS = 16;

// Three values of ten bits from one 32-bit number: enough for noise, at a third of the price of three.
// The mixing is Wellons' lowbias32, https://nullprogram.com/blog/2018/07/31/.
vec3 mixed(uint h) {
    h ^= h >> 16u;
    h *= 0x7feb352du;
    h ^= h >> 15u;
    h *= 0x846ca68bu;
    h ^= h >> 16u;
    return vec3(uvec3(h, h >> 10u, h >> 20u) & 1023u) * (1.0 / 1023.0);
}

const uvec3 LATTICE = uvec3(0x9e3779b1u, 0x85ebca77u, 0xc2b2ae3du);

vec3 hash_cell(ivec3 cell, uint seed) {
    uvec3 at = uvec3(cell) * LATTICE;
    return mixed((at.x ^ at.y ^ at.z) + seed * 0x27d4eb2fu);
}

// Three independent value noises of one frequency; mean 0.5.
vec3 value_noise(vec3 p, uint seed) {
    vec3 base = floor(p);
    vec3 f = p - base;
    f = f * f * (3.0 - 2.0 * f);
    uvec3 low = uvec3(ivec3(base)) * LATTICE;
    uvec3 high = low + LATTICE;
    uint s = seed * 0x27d4eb2fu;
    vec3 x00 = mix(mixed((low.x ^ low.y ^ low.z) + s), mixed((high.x ^ low.y ^ low.z) + s), f.x);
    vec3 x10 = mix(mixed((low.x ^ high.y ^ low.z) + s), mixed((high.x ^ high.y ^ low.z) + s), f.x);
    vec3 x01 = mix(mixed((low.x ^ low.y ^ high.z) + s), mixed((high.x ^ low.y ^ high.z) + s), f.x);
    vec3 x11 = mix(mixed((low.x ^ high.y ^ high.z) + s), mixed((high.x ^ high.y ^ high.z) + s), f.x);
    return mix(mix(x00, x10, f.y), mix(x01, x11, f.y), f.z);
}

vec3 value_noise_flat(vec2 p, uint seed) {
    vec2 base = floor(p);
    vec2 f = p - base;
    f = f * f * (3.0 - 2.0 * f);
    uvec2 low = uvec2(ivec2(base)) * LATTICE.xy;
    uvec2 high = low + LATTICE.xy;
    uint s = seed * 0x27d4eb2fu;
    return mix(mix(mixed((low.x ^ low.y) + s), mixed((high.x ^ low.y) + s), f.x),
               mix(mixed((low.x ^ high.y) + s), mixed((high.x ^ high.y) + s), f.x), f.y);
}

// How much of a band of this wavelength survives a pixel of this footprint, both in metres.
float band(float wavelength, float footprint) {
    return 1.0 - smoothstep(0.35, 0.9, footprint / wavelength);
}

// The share of the pixel inside [low, high] along one coordinate of period 1: an exact box filter.
float box_share(float x, float low, float high, float width) {
    width = max(width, 1e-4);
    float a = x - 0.5 * width;
    float b = x + 0.5 * width;
    float length_in = high - low;
    float until_a = floor(a) * length_in + clamp(fract(a) - low, 0.0, length_in);
    float until_b = floor(b) * length_in + clamp(fract(b) - low, 0.0, length_in);
    return clamp((until_b - until_a) / width, 0.0, 1.0);
}

// Courses of cells `size` metres large; 0 = joint, else 0.35 to 1 by cell. `shift` offsets every other row.
float cells(vec2 p, vec2 size, float joint, float shift, vec2 footprint, uint seed) {
    vec2 q = p / size;
    vec2 width = footprint / size;
    float row = floor(q.y);
    q.x += shift * mod(row, 2.0);
    vec2 half_joint = 0.5 * joint / size;
    float inside = box_share(q.x, half_joint.x, 1.0 - half_joint.x, width.x)
                 * box_share(q.y, half_joint.y, 1.0 - half_joint.y, width.y);
    float cell = hash_cell(ivec3(ivec2(floor(q)), 3), seed).x;
    float kept = band(size.y, footprint.y) * band(size.x, footprint.x);
    return inside * (0.35 + 0.65 * mix(0.5, cell, kept));
}

// Panes of a facade, laid out on the object's own box; 0 = wall, else 0.3 to 1 by pane.
float panes(vec2 p, vec2 extent, vec2 footprint, uint seed) {
    vec2 count = max(roundEven(extent / vec2(1.9, 3.0)), 1.0);
    vec2 bay = max(extent / count, 1e-3);
    vec2 q = p / bay;
    vec2 width = footprint / bay;
    float across = box_share(q.x, 0.22, 0.78, width.x);
    float up = box_share(q.y, 0.28, 0.80, width.y);
    float bar_x = box_share(q.x, 0.485, 0.515, width.x);
    float bar_y = box_share(q.y, 0.60, 0.62, width.y);
    float cell = hash_cell(ivec3(ivec2(floor(q)), 7), seed).y;
    float kept = band(bay.y, footprint.y) * band(bay.x, footprint.x);
    return across * up * (1.0 - max(bar_x, bar_y)) * (0.3 + 0.7 * mix(0.5, cell, kept));
}

// Strokes of a brush, about 26 by 7 pixels wherever the surface is: two neighbouring scales are blended,
// and patches are laid in one of two directions.
float strokes(vec2 p, float footprint, uint seed) {
    float level = log2(max(footprint, 1e-5) * 9.0);
    float whole = floor(level);
    float blend = level - whole;
    float sum = 0.0;
    for (int k = 0; k < 2; ++k) {
        vec2 q = p / exp2(whole + float(k));
        uint layer = seed + 13u + uint(int(whole) + k + 40);
        vec3 drift = value_noise_flat(q * 0.45, layer);
        vec2 bent = q + 1.4 * (drift.xy - 0.5);
        vec2 a = vec2(0.92 * bent.x + 0.39 * bent.y, -0.39 * bent.x + 0.92 * bent.y);
        vec2 b = vec2(0.34 * bent.x - 0.94 * bent.y, 0.94 * bent.x + 0.34 * bent.y);
        float laid = mix(value_noise_flat(a * vec2(0.30, 1.25), layer + 1u).y,
                         value_noise_flat(b * vec2(0.30, 1.25), layer + 2u).y, smoothstep(0.46, 0.54, drift.z));
        sum += laid * (k == 0 ? 1.0 - blend : blend);
    }
    return clamp((sum - 0.5) * 1.6 + 0.5, 0.0, 1.0);
}

// The patterns at one point of a surface.
//   p          object space, metres; the sky: a direction
//   n          object-space normal, unit
//   footprint  what one pixel covers, along each axis of object space, metres
//   size       the object's own box, metres
void structure_patterns(vec3 p, vec3 n, vec3 footprint, vec3 size, uint seed, out float bank[11]) {
    vec3 facing = abs(n);
    vec2 uv, width, extent, corner;
    bool level = facing.y > 0.7 || (facing.y >= facing.x && facing.y >= facing.z);
    if (level) {
        uv = p.xz; width = footprint.xz; extent = size.xz;
    } else if (facing.x > facing.z) {
        uv = p.zy; width = footprint.zy; extent = size.zy;
    } else {
        uv = p.xy; width = footprint.xy; extent = size.xy;
    }
    corner = level ? uv + 0.5 * extent : vec2(uv.x + 0.5 * extent.x, uv.y);
    float pixel = max(max(footprint.x, footprint.y), max(footprint.z, 1e-5));
    float fine = 0.5 * pixel + 0.5 * min(width.x, width.y);

    float frequency[8] = float[8](0.45, 1.05, 2.4, 5.3, 11.7, 26.0, 57.0, 125.0);
    vec3 octave[8];
    for (int k = 0; k < 8; ++k) {
        float kept = band(1.0 / frequency[k], fine);
        octave[k] = kept > 0.0
            ? (value_noise(p * frequency[k] + 17.3 * float(k), seed + uint(k)) - 0.5) * kept : vec3(0.0);
    }

    bank[0] = cells(uv, vec2(0.34, 0.12), 0.018, 0.5, width, seed + 21u);
    float board = floor(uv.y / 0.15);
    vec2 board_uv = vec2(uv.x + 1.7 * hash_cell(ivec3(int(board), 0, 1), seed).x, uv.y);
    float streak = (value_noise_flat(board_uv * vec2(2.2, 55.0), seed + 23u).x - 0.5) * band(0.03, width.y)
                 + 0.8 * (value_noise_flat(board_uv * vec2(0.9, 16.0), seed + 24u).x - 0.5) * band(0.08, width.y);
    float boards = cells(board_uv, vec2(2.3, 0.15), 0.008, 0.0, width, seed + 22u);
    bank[1] = clamp(boards * (1.0 + 0.75 * streak), 0.0, 1.0);
    bank[2] = cells(uv, vec2(0.5), 0.016, 0.0, width, seed + 25u);
    float fold = value_noise_flat(vec2(uv.x * 8.0, uv.y * 0.9), seed + 26u).x - 0.5;
    float thread = (step(0.5, fract(uv.x * 70.0)) + step(0.5, fract(uv.y * 70.0)) - 1.0) * band(0.025, pixel);
    bank[3] = clamp(0.5 + 0.95 * fold * band(0.15, width.x) + 0.22 * thread + 0.6 * octave[6].y, 0.0, 1.0);
    bank[4] = box_share(uv.x / 0.3, 0.25, 0.75, width.x / 0.3);
    bank[5] = clamp(0.5 + 1.1 * octave[0].x + 0.8 * octave[1].x + 0.5 * octave[2].x + 0.35 * octave[3].x
                    + 0.2 * octave[4].x, 0.0, 1.0);
    float ridge = abs(1.0 * octave[1].y + 0.55 * octave[2].y + 0.4 * octave[3].y + 0.2 * octave[4].y);
    float vein_width = 0.035 + 1.2 * fine;
    bank[6] = vein_width > 0.5 ? 0.1 : (1.0 - smoothstep(0.0, vein_width, ridge)) * min(1.0, 0.1 / vein_width + 0.25);
    bank[7] = clamp(0.5 + 0.35 * octave[2].z + 0.7 * octave[3].z + 0.75 * octave[4].z + 0.7 * octave[5].z
                    + 0.5 * octave[6].z, 0.0, 1.0);
    bank[8] = clamp(0.5 + 0.5 * octave[5].y + 0.9 * octave[6].x + 0.9 * octave[7].x, 0.0, 1.0);
    bank[9] = level ? 0.0 : panes(corner, extent, width, seed + 27u);
    bank[10] = strokes(uv, fine, seed + 31u);
}

uint pack_bytes(float a, float b, float c, float d) {
    uvec4 v = uvec4(clamp(vec4(a, b, c, d), 0.0, 1.0) * 255.0 + 0.5);
    return v.x | (v.y << 8u) | (v.z << 16u) | (v.w << 24u);
}

vec4 unpack_bytes(uint v) {
    return vec4(uvec4(v, v >> 8u, v >> 16u, v >> 24u) & 255u) / 255.0;
}
