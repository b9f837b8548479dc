// World normals, −1..1 shown as 0..1; the sky is black.

uniform sampler2D map;

in vec2 uv;
out vec4 colour;

void main() {
    vec3 normal = texture(map, uv).xyz;
    float lit = step(0.25, dot(normal, normal));
    colour = vec4((normal * 0.5 + 0.5) * lit, 1.0);
}
