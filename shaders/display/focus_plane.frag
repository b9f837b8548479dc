// What is in focus, as a wash of one colour to lay over a picture: faint from the near to the far limit of the
// depth of field, stronger where the surface lies in the plane of focus itself.
uniform sampler2D depth;
uniform float near_m;
uniform float far_m;
uniform float focus_m;
uniform vec3 wash;

out vec4 colour;

void main() {
    float away = texelFetch(depth, ivec2(gl_FragCoord.xy), 0).r;
    float share = 0.0;
    if (!isinf(away) && away >= near_m && away <= far_m) {
        // Distances as lenses count them: in dioptres.
        float reach = away < focus_m ? 1.0 / near_m - 1.0 / focus_m : 1.0 / focus_m - 1.0 / far_m;
        float off = abs(1.0 / away - 1.0 / focus_m) / max(reach, 1e-6);
        share = mix(0.62, 0.16, smoothstep(0.0, 0.35, off));
    }
    colour = vec4(wash, share);
}
