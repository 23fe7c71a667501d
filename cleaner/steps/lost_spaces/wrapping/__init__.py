"""Line ends lost at the width at which a text was wrapped (GLU201)."""
