//! A drawing surface of palette indexes: one byte a pixel, so that it is quick to fill and small to write.

/// Red, green and blue.
pub(crate) type Colour = [u8; 3];

/// Pixels row by row, each an index into the palette.
#[derive(Debug)]
pub(crate) struct Canvas {
    width: usize,
    pixels: Vec<u8>,
    palette: Vec<Colour>,
}

impl Canvas {
    /// A canvas full of the first colour. Neither side may be 0; sides are bounded by the callers.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self { width, pixels: vec![0; width * height], palette: Vec::new() }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.pixels.len().checked_div(self.width).unwrap_or(0)
    }

    pub(crate) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    pub(crate) fn palette(&self) -> &[Colour] {
        &self.palette
    }

    /// The indexes of a row; empty below the canvas.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let start = y * self.width;
        self.pixels.get(start..start + self.width).unwrap_or_default()
    }

    /// Adds a colour and gives its index. The scene uses fewer than 256.
    pub(crate) fn colour(&mut self, colour: Colour) -> u8 {
        let index = self.palette.len().min(255);
        self.palette.truncate(255);
        self.palette.push(colour);
        index as u8
    }

    /// Fills a rectangle; what lies outside of the canvas is left out.
    pub(crate) fn rectangle(&mut self, left: i64, top: i64, width: i64, height: i64, index: u8) {
        for y in top.max(0)..(top + height).min(self.height() as i64) {
            self.span(y, left, left + width, index);
        }
    }

    /// Fills an ellipse around a centre.
    pub(crate) fn ellipse(&mut self, centre: (f64, f64), radius: (f64, f64), index: u8) {
        let (x, y) = centre;
        let top = (y - radius.1).floor().max(0.0) as i64;
        let bottom = (y + radius.1).ceil().min(self.height() as f64) as i64;
        for row in top..bottom {
            let away = (row as f64 + 0.5 - y) / radius.1;
            let half = radius.0 * (1.0 - away * away).max(0.0).sqrt();
            self.span(row, (x - half).round() as i64, (x + half).round() as i64, index);
        }
    }

    /// Fills a rectangle with round corners.
    pub(crate) fn rounded(&mut self, left: i64, top: i64, width: i64, height: i64, radius: i64, index: u8) {
        let radius = radius.clamp(0, width.min(height) / 2);
        for row in 0..height {
            let into_corner = (radius - row).max(row - (height - 1 - radius)).max(0) as f64;
            let away = into_corner / (radius.max(1) as f64);
            let inset = (radius as f64 * (1.0 - (1.0 - away * away).max(0.0).sqrt())).round() as i64;
            self.span(top + row, left + inset, left + width - inset, index);
        }
    }

    /// Fills `from..to` of one row.
    pub(crate) fn span(&mut self, y: i64, from: i64, to: i64, index: u8) {
        let (from, to) = (from.clamp(0, self.width as i64), to.clamp(0, self.width as i64));
        let Ok(y) = usize::try_from(y) else { return };
        let start = y * self.width;
        if let Some(span) = self.pixels.get_mut(start + from as usize..start + (to.max(from)) as usize) {
            span.fill(index);
        }
    }
}
