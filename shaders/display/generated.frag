// The generated picture as the camera sees it now. It answers a tick that is past, and may be smaller
// than this picture: every pixel is carried back to where its surface was then (camera and object moves
// are known exactly), and takes only those generated pixels that show the same object at the same depth.
// So silhouettes are this picture's own, and the picture answers the camera at once.

uniform sampler2D image;            // generated; with mip levels
uniform sampler2D depth;            // now
uniform usampler2D object;
uniform sampler2D base;
uniform sampler2D source_depth;     // of the tick that the image answers
uniform usampler2D source_object;
uniform sampler2D carry;            // four texels an id: columns of source_clip_from_world for what moves with it
uniform vec3 camera_position;
uniform vec3 ray_origin;            // world direction through uv (0, 0), 1 along the view axis
uniform vec3 ray_per_u;
uniform vec3 ray_per_v;

in vec2 uv;
out vec4 colour;

const float SAME_DEPTH = 0.04;      // share of the depth within which a surface is the same one
const int IDS_PER_ROW = 64;

mat4 carried(int id) {
    ivec2 at = ivec2((id % IDS_PER_ROW) * 4, id / IDS_PER_ROW);
    return mat4(texelFetch(carry, at, 0), texelFetch(carry, at + ivec2(1, 0), 0),
                texelFetch(carry, at + ivec2(2, 0), 0), texelFetch(carry, at + ivec2(3, 0), 0));
}

// 1 where the source showed object `id` at about this depth in that texel of its maps.
float same(ivec2 texel, uint id, float expected) {
    if (texelFetch(source_object, texel, 0).r != id) return 0.0;
    if (id == 0u) return 1.0;
    float there = texelFetch(source_depth, texel, 0).r;
    return step(abs(there - expected), SAME_DEPTH * expected + 0.02);
}

ivec2 map_texel(ivec2 texel, ivec2 size, ivec2 map_size) {
    return ivec2((vec2(texel) + 0.5) / vec2(size) * vec2(map_size));
}

// rgb and weight of the generated pixels about `at` (in texels) within `reach`, falling off with distance.
vec4 gather(vec2 at, int reach, uint id, float expected) {
    ivec2 size = textureSize(image, 0), map_size = textureSize(source_depth, 0);
    ivec2 first = ivec2(floor(at - 0.5)) - (reach - 1);
    vec4 sum = vec4(0.0);
    for (int y = 0; y < 2 * reach; ++y) {
        for (int x = 0; x < 2 * reach; ++x) {
            ivec2 texel = first + ivec2(x, y);
            if (any(lessThan(texel, ivec2(0))) || any(greaterThanEqual(texel, size))) continue;
            vec2 near = max(1.0 - abs(vec2(texel) + 0.5 - at) / float(reach), 0.0);
            float weight = near.x * near.y * same(map_texel(texel, size, map_size), id, expected);
            if (weight > 0.0) sum += vec4(texelFetch(image, texel, 0).rgb, 1.0) * weight;
        }
    }
    return sum;
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    uint id = texelFetch(object, here, 0).r;
    float away = texelFetch(depth, here, 0).r;
    vec3 ray = ray_origin + ray_per_u * uv.x + ray_per_v * uv.y;
    vec4 point = id == 0u ? vec4(ray, 0.0) : vec4(camera_position + ray * away, 1.0);
    vec4 clip = carried(int(id)) * point;
    vec3 blocked = texelFetch(base, here, 0).rgb;
    if (clip.w > 0.0) {
        vec2 source = vec2(0.5 + 0.5 * clip.x / clip.w, 0.5 - 0.5 * clip.y / clip.w);
        vec2 at = source * vec2(textureSize(image, 0));
        vec4 found = gather(at, 1, id, clip.w);
        if (found.a < 0.1) found = gather(at, 3, id, clip.w);
        if (found.a > 0.002) {
            colour = vec4(found.rgb / found.a, 1.0);
            return;
        }
    }
    // Nothing generated shows this surface yet: its blocking colour, half-way to the picture's mean colour.
    // Pixels of elsewhere in the picture would be smears.
    vec3 mean = textureLod(image, vec2(0.5), 16.0).rgb;
    const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);
    vec3 graded = mean * dot(blocked, LUMA) / max(dot(mean, LUMA), 0.02);
    colour = vec4(mix(blocked, graded, 0.5) * mix(1.0, dot(mean, LUMA) / 0.45, 0.5), 1.0);
}
