// How far from focus a depth is: the radius in pixels of the disc that a point becomes, positive beyond the
// focus and negative before it. director.camera.lens.circle_of_confusion_mm tells the formula.

uniform float focus_m;
uniform float radius_at_infinity_px;
uniform float widest_px;

float radius_px(float depth_m) {
    return clamp(radius_at_infinity_px * (1.0 - focus_m / depth_m), -widest_px, widest_px);
}
