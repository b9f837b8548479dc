// One triangle over the whole picture, at the far plane. uv runs as our uv does: row 0 is the top.
out vec2 uv;

void main() {
    vec2 corner = vec2(float((gl_VertexID & 1) << 2), float((gl_VertexID & 2) << 1)) - 1.0;
    uv = 0.5 * corner + 0.5;
    gl_Position = vec4(corner, 1.0, 1.0);
}
