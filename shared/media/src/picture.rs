//! Pictures that show a text over a small landscape.

pub(crate) mod canvas;
mod glyphs;
pub(crate) mod scene;
#[cfg(test)]
mod tests;
mod webp;

use canvas::Canvas;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSpec<'text> {
    /// The text to draw; as much of it as fits.
    pub text: &'text str,
    /// Width in pixels, brought into 1 to 4096.
    pub width: u32,
    /// Height in pixels, brought into 1 to 4096.
    pub height: u32,
    /// Another seed gives another landscape.
    pub seed: u64,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// PNG with a palette, without loss.
    Png,
    /// Baseline JPEG.
    Jpeg,
    /// WebP with a palette, without loss.
    Webp,
}

/// The most pixels that a picture or a clip has in one direction.
pub(crate) const MOST_PIXELS: u32 = 4096;

/// Quality of a JPEG: edges of letters stay clean from here on.
const JPEG_QUALITY: u8 = 88;

/// Draws a picture. The same spec gives the same bytes.
#[must_use]
pub fn picture(spec: &PictureSpec<'_>, format: PictureFormat) -> Vec<u8> {
    let canvas = scene::draw(&PictureSpec {
        width: spec.width.clamp(1, MOST_PIXELS),
        height: spec.height.clamp(1, MOST_PIXELS),
        ..*spec
    });
    match format {
        PictureFormat::Png => png(&canvas),
        PictureFormat::Jpeg => jpeg(canvas),
        PictureFormat::Webp => webp::webp(&canvas),
    }
}

#[expect(
    clippy::expect_used,
    reason = "writing to memory cannot fail, and the pixels always have the size told"
)]
fn png(canvas: &Canvas) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, canvas.width() as u32, canvas.height() as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(canvas.palette().as_flattened());
    encoder.set_compression(png::Compression::Fast);
    // Most rows are like the row above.
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header().expect("could not write a head to memory");
    writer.write_image_data(canvas.pixels()).expect("could not write pixels to memory");
    writer.finish().expect("could not end a picture in memory");
    file
}

#[expect(
    clippy::expect_used,
    reason = "writing to memory cannot fail, and the size is within what JPEG allows"
)]
fn jpeg(canvas: Canvas) -> Vec<u8> {
    let mut file = Vec::new();
    jpeg_encoder::Encoder::new(&mut file, JPEG_QUALITY)
        .encode_image(JpegRows::new(canvas))
        .expect("could not write a picture to memory");
    file
}

/// Hands the rows of a canvas to the JPEG encoder without a second copy of the picture.
struct JpegRows {
    canvas: Canvas,
    palette: Vec<(u8, u8, u8)>,
}

impl JpegRows {
    fn new(canvas: Canvas) -> Self {
        let palette = canvas.palette().iter();
        let palette =
            palette.map(|[red, green, blue]| jpeg_encoder::rgb_to_ycbcr(*red, *green, *blue)).collect();
        Self { canvas, palette }
    }
}

impl jpeg_encoder::ImageBuffer for JpegRows {
    fn get_jpeg_color_type(&self) -> jpeg_encoder::JpegColorType {
        jpeg_encoder::JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.canvas.width() as u16
    }

    fn height(&self) -> u16 {
        self.canvas.height() as u16
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let [luma, blue, red, _] = buffers;
        for index in self.canvas.row(y.into()) {
            let colour = self.palette.get(usize::from(*index)).copied().unwrap_or_default();
            luma.push(colour.0);
            blue.push(colour.1);
            red.push(colour.2);
        }
    }
}
