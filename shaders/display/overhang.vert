// A pixel of a generated picture that shows more of a thing than was blocked: a square where it is now.
in vec3 place;                      // clip x and y over w, y downwards as pictures' rows; metres away
in vec3 shade;                      // sRGB 0..1
in float side;                      // pixels
in float whose;                     // the object's id

flat out vec3 seen;
flat out float away;
flat out float owner;

void main() {
    gl_Position = vec4(place.xy, 0.0, 1.0);
    gl_PointSize = side;
    seen = shade;
    away = place.z;
    owner = whose;
}
