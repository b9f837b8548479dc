// Object-space position: each metre runs once through the colours, so that what sticks is seen to stick.

uniform sampler2D map;

in vec2 uv;
out vec4 colour;

void main() {
    vec3 anchor = texture(map, uv).xyz;
    // A triangle wave: no seam where a metre ends.
    colour = vec4(abs(fract(anchor * 0.5) * 2.0 - 1.0), 1.0);
}
