#!/usr/bin/env python3
"""OpenCV on the very points that touchline_calibrate_accuracy fitted (its --pairs file): the peer beside our figures.
Needs numpy and opencv-python-headless.  Usage: tools/camera_peer.py PAIRS.csv"""
import sys
import time

import cv2
import numpy as np

LOST_PX = 1000


def errors_of(fit, solve):
    seen = fit[:, 6] > 0
    homography = solve(fit[seen, 2:4], fit[seen, 7:9])
    if homography is None:
        return np.full(len(fit), LOST_PX)
    mapped = np.c_[fit[:, 2:4], np.ones(len(fit))] @ homography.T
    off = np.linalg.norm(mapped[:, :2] / mapped[:, 2:] - fit[:, 4:6], axis=1)
    return np.where(mapped[:, 2] > 0, off, LOST_PX)


def main():
    rows = np.loadtxt(sys.argv[1], delimiter=",")
    fits = np.split(rows, np.flatnonzero(np.diff(rows[:, 0])) + 1)
    methods = {
        "least squares": lambda a, b: cv2.findHomography(a, b, 0)[0],
        "RANSAC, 5 px": lambda a, b: cv2.findHomography(a, b, cv2.RANSAC, 5)[0],
        "RANSAC, 10 px": lambda a, b: cv2.findHomography(a, b, cv2.RANSAC, 10)[0],
    }
    for name, solve in methods.items():
        start = time.perf_counter()
        errors = np.concatenate([errors_of(fit, solve) for fit in fits])
        elapsed_us = 1e6 * (time.perf_counter() - start) / len(fits)
        print(f"OpenCV {name:27s} median {np.median(errors):5.2f} px   90th {np.percentile(errors, 90):6.2f} px   "
              f"no answer {100 * np.mean(errors >= LOST_PX):4.1f} %   {elapsed_us:6.1f} us")


if __name__ == "__main__":
    main()
