"""The peers' pipelines, each as its own documentation shows it, on one thread."""

import cv2
import face_recognition
import numpy as np


class OpenCv:
    """imread, FaceDetectorYN on the whole picture, FaceRecognizerSF: the published samples, and the published weights."""

    name = "OpenCV"
    # A higher score is a better match.
    higher_is_closer = True

    def __init__(self, detector, recogniser, confidence=0.6):
        cv2.setNumThreads(1)
        self.detector = cv2.FaceDetectorYN.create(str(detector), "", (320, 320), confidence)
        self.recogniser = cv2.FaceRecognizerSF.create(str(recogniser), "")

    def template(self, path, central=False):
        """The features of the most confident face, or of the one nearest the centre; None where there is none."""
        picture = cv2.imread(str(path))
        if picture is None:
            return None
        height, width = picture.shape[:2]
        self.detector.setInputSize((width, height))
        faces = self.detector.detect(picture)[1]
        if faces is None:
            return None
        face = faces[0]
        if central:
            centres = faces[:, :2] + faces[:, 2:4] / 2
            face = faces[np.argmin(((centres - (width / 2, height / 2)) ** 2).sum(axis=1))]
        return self.recogniser.feature(self.recogniser.alignCrop(picture, face)).copy()

    def compare(self, left, right):
        return self.recogniser.match(left, right, cv2.FaceRecognizerSF_FR_COSINE)


class Dlib:
    """face_recognition with its defaults: histogram of gradients, five landmarks, ResNet."""

    name = "dlib"
    higher_is_closer = False

    def template(self, path, central=False):
        picture = face_recognition.load_image_file(str(path))
        places = face_recognition.face_locations(picture)
        if not places:
            return None
        place = places[0]
        if central:
            middle = (picture.shape[0] / 2, picture.shape[1] / 2)
            place = min(places, key=lambda p: ((p[0] + p[2]) / 2 - middle[0]) ** 2 + ((p[1] + p[3]) / 2 - middle[1]) ** 2)
        return face_recognition.face_encodings(picture, [place], model="small")[0]

    def compare(self, left, right):
        return float(np.linalg.norm(left - right))
