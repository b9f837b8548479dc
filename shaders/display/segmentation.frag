// Classes in ADE20K's colours: the id is sampled first, and coloured last. The palette has one texel an
// id, 256 a row.

uniform usampler2D map;
uniform sampler2D palette;

in vec2 uv;
out vec4 colour;

void main() {
    ivec2 size = textureSize(map, 0);
    int id = int(texelFetch(map, min(ivec2(uv * vec2(size)), size - 1), 0).r);
    colour = vec4(texelFetch(palette, ivec2(id & 255, id >> 8), 0).rgb, 1.0);
}
