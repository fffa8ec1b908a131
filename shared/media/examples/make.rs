//! Writes a file to look at or to listen to: `cargo run -p media --example make -- "a red fox" fox.mp4 1280x720 5`.
//!
//! What is made follows from the end of the name: png, jpg, mp4, mp3 or wav.

use media::{ClipSpec, PictureFormat, PictureSpec, VoiceSpec, clip, picture, voice_mp3, voice_wav};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize| arguments.get(index).map(String::as_str);
    let (Some(text), Some(path)) = (argument(0), argument(1)) else {
        return Err("usage: make TEXT FILE [WIDTHxHEIGHT] [SECONDS] [SEED] [silent]".into());
    };
    let (width, height) =
        argument(2).unwrap_or("1280x720").split_once('x').ok_or("could not read the size")?;
    let (width, height) = (width.parse()?, height.parse()?);
    let duration_seconds = argument(3).unwrap_or("5").parse()?;
    let seed = argument(4).unwrap_or("1").parse()?;
    let picture_spec = PictureSpec { text, width, height, seed };
    let voice_spec = VoiceSpec { text, voice: argument(4).unwrap_or("anna"), speed: 1.0 };
    let file = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("png") => picture(&picture_spec, PictureFormat::Png),
        Some("jpg") => picture(&picture_spec, PictureFormat::Jpeg),
        Some("mp3") => voice_mp3(&voice_spec),
        Some("wav") => voice_wav(&voice_spec),
        Some("mp4") => {
            let sound = argument(5) != Some("silent");
            clip(&ClipSpec { text, width, height, duration_seconds, seed, sound })
        }
        _ => return Err("could not tell the format by the name of the file".into()),
    };
    std::fs::write(path, file)?;
    Ok(())
}
