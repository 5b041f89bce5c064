import numpy as np
import pytest

from training.teams import other_team, shirt_colours

RED, BLUE, NONE = (53.2, 80.1, 67.2), (32.3, 79.2, -107.9), (np.nan,) * 3


def test_a_shirts_colour_is_that_of_what_is_no_grass_in_lab():
    picture = np.zeros((100, 60, 3), np.uint8)
    picture[:, :30] = (255, 0, 0)
    green = np.ones((100, 60), bool)
    green[:, :30] = False
    colours = shirt_colours(picture, green, np.array([[2, 30, 50, 40, 80], [2, 50, 50, 10, 80]], np.float32))
    assert colours[0] == pytest.approx(RED, abs=0.5)  # sRGB red, by the standard's tables
    assert np.isnan(colours[1]).all()  # all grass


def test_shirts_fall_into_two_teams():
    teams = other_team(np.array([RED, BLUE, NONE, RED, BLUE], np.float32))
    assert teams[0] == teams[3] != teams[1] == teams[4] and not teams[2]


def test_an_odd_one_is_no_reason_to_split_a_team_in_half():
    shades = np.array([[50, 60 + k, 40] for k in range(8)] + [[90, 0, 0]], np.float32)
    teams = other_team(shades)
    assert len(set(teams[:8])) == 1 and teams[8] != teams[0]


@pytest.mark.parametrize("shirts", [[], [RED], [NONE, NONE], [RED, NONE], [(50, 60, 40), (52, 58, 41), (49, 63, 39)]])
def test_few_or_like_shirts_are_one_team(shirts):
    assert not other_team(np.array(shirts, np.float32).reshape(-1, 3)).any()
