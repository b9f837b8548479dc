// Inside an ellipse or not: colours of this picture mean something, and are never blended.

in vec2 at;
flat in vec2 extent;
flat in vec3 shown;

out vec4 colour;

void main() {
    vec2 share = at / max(extent, vec2(0.5));
    if (dot(share, share) > 1.0) {
        discard;
    }
    colour = vec4(shown, 1.0);
}
