// The generated picture as the camera sees it now. It answers a tick that is past, and may be smaller
// than this picture: every pixel is carried back to where its surface was then, and takes only those
// generated pixels that show the same object at the same depth. So silhouettes are this picture's own, and
// the picture answers the camera at once.
//
// Alpha says how far the colour is known: 1 where the surface itself was generated, 0.5 where only other
// parts of its object were, 0 where its blocking stands in, graded as the rest of the picture is.
//
// With LOCKED only what is held is drawn, over what is there: objects whose texel in `objects` has alpha 1,
// where the image shows the surface itself.
#include "display/carry.glsl"

uniform sampler2D image;            // generated; alpha: low at silhouettes, where colours are mixed
uniform sampler2D depth;            // now
uniform usampler2D object;
#ifndef LOCKED
uniform sampler2D base;
#endif
uniform sampler2D source_key;       // depth and object ids of the tick that the image answers
uniform sampler2D objects;          // a texel an id: its mean colour, and how bright its blocking is; where
                                    // the image does not show it, what grades its blocking, and 0
in vec2 uv;
out vec4 colour;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

// 1 where the source showed object `id` at about this depth in that texel of its maps.
float same(ivec2 texel, uint id, float expected) {
    vec2 there = texelFetch(source_key, texel, 0).rg;
    if (uint(there.g + 0.5) != id) return 0.0;
    return id == 0u || same_depth(there.r, expected) ? 1.0 : 0.0;
}

bool is_silhouette(ivec2 texel, uint id) {
    ivec2 limit = textureSize(object, 0) - 1;
    return texelFetch(object, min(texel + ivec2(1, 0), limit), 0).r != id
        || texelFetch(object, max(texel - ivec2(1, 0), ivec2(0)), 0).r != id
        || texelFetch(object, min(texel + ivec2(0, 1), limit), 0).r != id
        || texelFetch(object, max(texel - ivec2(0, 1), ivec2(0)), 0).r != id;
}

ivec2 map_texel(ivec2 texel, ivec2 size, ivec2 map_size) {
    return ivec2((vec2(texel) + 0.5) / vec2(size) * vec2(map_size));
}

vec4 tap(ivec2 texel, float weight, uint id, float expected, ivec2 size, ivec2 map_size) {
    texel = clamp(texel, ivec2(0), size - 1);
    vec4 there = texelFetch(image, texel, 0);
    return vec4(there.rgb, 1.0) * (weight * there.a * same(map_texel(texel, size, map_size), id, expected));
}

// Bilinear, of the surface's own pixels alone.
vec4 beside(vec2 at, uint id, float expected) {
    ivec2 size = textureSize(image, 0), map_size = textureSize(source_key, 0);
    if (any(lessThan(at, vec2(-0.5))) || any(greaterThan(at, vec2(size) + 0.5))) return vec4(0.0);
    ivec2 first = ivec2(floor(at - 0.5));
    vec2 f = at - 0.5 - vec2(first);
    return tap(first, (1.0 - f.x) * (1.0 - f.y), id, expected, size, map_size)
         + tap(first + ivec2(1, 0), f.x * (1.0 - f.y), id, expected, size, map_size)
         + tap(first + ivec2(0, 1), (1.0 - f.x) * f.y, id, expected, size, map_size)
         + tap(first + ivec2(1, 1), f.x * f.y, id, expected, size, map_size);
}

// rgb and weight of the generated pixels about `at` (in texels) within `reach`, falling off with distance.
vec4 gather(vec2 at, int reach, uint id, float expected) {
    ivec2 size = textureSize(image, 0), map_size = textureSize(source_key, 0);
    ivec2 first = ivec2(floor(at - 0.5)) - (reach - 1);
    vec4 sum = vec4(0.0);
    for (int y = 0; y < 2 * reach; ++y) {
        for (int x = 0; x < 2 * reach; ++x) {
            ivec2 texel = first + ivec2(x, y);
            if (any(lessThan(texel, ivec2(0))) || any(greaterThanEqual(texel, size))) continue;
            vec2 near = max(1.0 - abs(vec2(texel) + 0.5 - at) / float(reach), 0.0);
            float weight = near.x * near.y * same(map_texel(texel, size, map_size), id, expected);
            if (weight <= 0.0) continue;
            vec4 there = texelFetch(image, texel, 0);
            sum += vec4(there.rgb, 1.0) * (weight * there.a);
        }
    }
    return sum;
}

#ifndef LOCKED
// The object's pixels about `at`, the near ones weighing most: what a gap in it most likely looks like.
vec4 about(vec2 at, uint id) {
    ivec2 size = textureSize(image, 0), map_size = textureSize(source_key, 0);
    vec4 sum = vec4(0.0);
    for (int k = 0; k < 24; ++k) {
        // Golden angle, radii evenly spread over the logarithm.
        float radius = float(size.y) * 0.015 * exp2(float(k) * 0.16);
        vec2 toward = vec2(cos(2.39996 * float(k)), sin(2.39996 * float(k)));
        ivec2 texel = ivec2(floor(at + radius * toward));
        if (any(lessThan(texel, ivec2(0))) || any(greaterThanEqual(texel, size))) continue;
        if (uint(texelFetch(source_key, map_texel(texel, size, map_size), 0).g + 0.5) != id) continue;
        vec4 there = texelFetch(image, texel, 0);
        sum += vec4(there.rgb, 1.0) * there.a / radius;
    }
    return sum * 0.015 * float(size.y);
}
#endif

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    uint id = texelFetch(object, here, 0).r;
#ifdef LOCKED
    if (texelFetch(objects, ivec2(int(id) % IDS_PER_ROW, int(id) / IDS_PER_ROW), 0).a < 0.5) discard;
#endif
    vec4 clip = carried(id, uv, texelFetch(depth, here, 0).r);
    vec2 at = vec2(-1e6);
    if (clip.w > 0.0) {
        at = uv_of(clip) * vec2(textureSize(image, 0));
        vec4 found = beside(at, id, clip.w);
        // Mixed colours belong at a silhouette. Where there is none any more they would draw its outline.
        if (found.a < 0.1 && (found.a < 0.02 || !is_silhouette(here, id))) found = gather(at, 3, id, clip.w);
        if (found.a > 0.002) {
            colour = vec4(found.rgb / found.a, 1.0);
            return;
        }
    }
#ifdef LOCKED
    discard;
#else
    vec3 blocked = texelFetch(base, here, 0).rgb;
    // What the object looks like on the whole, in the light and shade of its blocking; where the image does
    // not show it, its blocking. Pixels of elsewhere in the picture would be smears.
    vec4 known = texelFetch(objects, ivec2(int(id) % IDS_PER_ROW, int(id) / IDS_PER_ROW), 0);
    if (known.a > 0.0) {
        float shade = clamp(dot(blocked, LUMA) / known.a, 0.3, 2.0);
        // The mean of what was generated has its own shade already.
        vec4 near = about(at, id) + 0.15 * vec4(known.rgb * pow(shade, 0.3), 1.0);
        colour = vec4(min(near.rgb / near.a, 1.0), 0.5);
    } else {
        colour = vec4(min(blocked * known.rgb, 1.0), 0.0);
    }
#endif
}
