//! The options that several models share, listed once for every input that takes them.

/// Calls a macro with whatever stands in the braces and then the common options: documentation, field, type and name.
macro_rules! with_common_options {
    ($make:ident! { $($first:tt)* }) => {
        $make! {
            { $($first)* }
            /// Length in seconds.
            duration: Number = "duration",
            /// Such as 1080p.
            resolution: String = "resolution",
            /// Such as 16:9.
            aspect_ratio: String = "aspectRatio",
            /// Width in pixels.
            width: Number = "width",
            /// Height in pixels.
            height: Number = "height",
            /// The look, such as cinematic.
            style: String = "style",
            /// The model's own grade of effort, such as std or pro.
            mode: String = "mode",
            /// The grade of quality, where a provider has several.
            quality: String = "quality",
            /// The same seed gives a similar result: 0 to 2^53 - 1.
            seed: Number = "seed",
            /// What must not be in it.
            negative_prompt: String = "negativePrompt",
            /// Frames per second.
            fps: Number = "fps",
            /// How many pictures to make.
            count: Number = "count",
            /// Whether the clip has sound.
            sound: bool = "sound",
            /// Whether the end runs into the beginning.
            looped: bool = "loop",
            /// How much moves: low, medium or high.
            motion_intensity: String = "motionIntensity",
            /// Whether the camera stands still.
            camera_fixed: bool = "cameraFixed",
            /// Whether the model may cut the clip into several shots.
            multi_shot: bool = "multiShot",
            /// How closely the prompt is followed.
            cfg_scale: Number = "cfgScale",
            /// How many steps a picture is worked over.
            steps: Number = "steps",
            /// How far the result may leave the given picture: 0 keeps it, 1 ignores it.
            strength: Number = "strength",
            /// Whether the vendor may rewrite the prompt.
            prompt_optimizer: bool = "promptOptimizer",
            /// How far a picture is continued upwards, in pixels.
            expand_top: Number = "expandTop",
            /// How far a picture is continued downwards, in pixels.
            expand_bottom: Number = "expandBottom",
            /// How far a picture is continued to the left, in pixels.
            expand_left: Number = "expandLeft",
            /// How far a picture is continued to the right, in pixels.
            expand_right: Number = "expandRight",
            /// Less polished, more natural pictures.
            raw: bool = "raw",
            /// The voice, by its name.
            voice: String = "voice",
            /// The mood of a voice or a scene, such as excited.
            emotion: String = "emotion",
            /// How fast a voice speaks; 1.0 is usual.
            speed: Number = "speed",
            /// How high a voice is; 0 is usual.
            pitch: Number = "pitch",
            /// How loud a voice is, in decibels above its usual.
            volume: Number = "volume",
            /// How even a voice is: 0 is lively, 1 is steady.
            stability: Number = "stability",
            /// How much a voice's own manner is exaggerated: 0 is not at all.
            style_exaggeration: Number = "styleExaggeration",
            /// The language, such as en or en-US.
            language: String = "language",
            /// The file's format, such as mp3.
            format: String = "format",
            /// The avatar, by its name.
            avatar_id: String = "avatarId",
            /// What is behind: a name, a colour or the address of a picture.
            background: String = "background",
            /// How a person moves, such as friendly.
            gesture: String = "gesture",
            /// How lively a face is.
            expressiveness: String = "expressiveness",
            /// What happens when clip and recording differ in length.
            sync_mode: String = "syncMode",
            /// Which face speaks, counted in the order in which they appear; left out, the one that is seen the longest.
            face: Number = "face",
            /// How long the given recording is, in seconds.
            audio_seconds: Number = "audioSeconds",
        }
    };
}

pub(super) use with_common_options;
