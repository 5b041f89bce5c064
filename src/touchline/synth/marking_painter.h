#pragma once

#include "touchline/match/pitch_model.h"
#include "touchline/synth/canvas.h"
#include "touchline/synth/look.h"
#include "touchline/synth/view.h"

namespace touchline::synth {

/// Raises the canvas's fourth lane to the share of each pixel that the white lines cover: all markings of the pitch,
/// 12 cm wide, its spots and corner arcs.
void cover_markings(Canvas& canvas, const View& view, const match::PitchModel& pitch);

/// Lets the paint show: what lane four says becomes white, in the light of the grass below. Pixels smear by `smear_px`
/// along the rows (a panning camera's blur) on the way; lane four is 0 afterwards.
void finish_ground(Canvas& canvas, const Look& look, double smear_px);

/// Goal frames, nets and corner flags, which stand on the pitch: what people in the field stand before. Leaves out the
/// goal whose line the eye is behind.
void paint_goals(Canvas& canvas, const View& view, const match::PitchModel& pitch, const Look& look);

/// The goal that paint_goals() left out, if any: its net hangs between the eye and the people.
void paint_goal_before(Canvas& canvas, const View& view, const match::PitchModel& pitch, const Look& look);

}  // namespace touchline::synth
