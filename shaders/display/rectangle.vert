// A rectangle of the target, from a strip of four vertices without buffers. Corners are clip coordinates
// of the picture's own top left and bottom right, so that uv has its origin at the picture's top left on
// targets of either handedness: a texture has its top row at y = −1, a window at y = +1.

uniform vec2 top_left;
uniform vec2 bottom_right;

out vec2 uv;

void main() {
    uv = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    gl_Position = vec4(mix(top_left, bottom_right, uv), 0.0, 1.0);
}
