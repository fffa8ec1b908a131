//! What each endpoint knows beside the fields that all of them know.

/// How an endpoint takes the wish for a size.
#[derive(Clone, Copy)]
pub(super) enum Size {
    /// Width and height: multiples of the first, from the second to the third, no more pixels than the fourth.
    Sides(u32, u32, u32, f64),
    /// A ratio like `16:9`.
    Ratio,
    /// Not at all.
    None,
}

/// How an endpoint takes pictures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pictures {
    /// Not at all.
    None,
    /// One to be inspired by, in base64.
    Prompt,
    /// So many to be changed, by their addresses.
    Inputs(usize),
    /// One to be changed and perhaps a mask that says where, both in base64.
    Painted,
    /// One to be continued beyond its sides, in base64.
    Expanded,
}

/// An endpoint.
pub(super) struct Endpoint {
    pub(super) size: Size,
    pub(super) pictures: Pictures,
    pub(super) raw: bool,
    /// How strongly it is inspired.
    pub(super) strength: bool,
    pub(super) prompt_upsampling: bool,
    /// Steps and guidance.
    pub(super) tuning: bool,
}

impl Endpoint {
    /// The endpoint of a model.
    pub(super) fn of(model: &str) -> Endpoint {
        let first = Size::Sides(32, 256, 1440, 1440.0 * 1440.0);
        let second = Size::Sides(16, 64, 8192, 4_000_000.0);
        let plain = Endpoint {
            size: Size::None,
            pictures: Pictures::None,
            raw: false,
            strength: false,
            prompt_upsampling: false,
            tuning: false,
        };
        let talkative = Endpoint { prompt_upsampling: true, ..plain };
        let with = |size, pictures, endpoint| Endpoint { size, pictures, ..endpoint };
        match model {
            "flux-dev" => with(first, Pictures::Prompt, Endpoint { tuning: true, ..talkative }),
            "flux-pro-1.1" => with(first, Pictures::Prompt, talkative),
            "flux-pro-1.1-ultra" => {
                with(Size::Ratio, Pictures::Prompt, Endpoint { raw: true, strength: true, ..talkative })
            }
            "flux-kontext-pro" | "flux-kontext-max" => with(Size::Ratio, Pictures::Inputs(4), talkative),
            "flux-pro-1.0-fill" => {
                with(Size::None, Pictures::Painted, Endpoint { tuning: true, ..talkative })
            }
            "flux-pro-1.0-expand" => {
                with(Size::None, Pictures::Expanded, Endpoint { tuning: true, ..talkative })
            }
            "flux-2-flex" => with(second, Pictures::Inputs(8), Endpoint { tuning: true, ..talkative }),
            klein if klein.starts_with("flux-2-klein") => with(second, Pictures::Inputs(4), plain),
            pro if pro.starts_with("flux-2-") => with(second, Pictures::Inputs(8), plain),
            _ => plain,
        }
    }

    /// How many of the order's pictures it wants as bytes.
    pub(super) fn wants_bytes_of(&self) -> usize {
        match self.pictures {
            Pictures::None | Pictures::Inputs(_) => 0,
            Pictures::Prompt | Pictures::Expanded => 1,
            Pictures::Painted => 2,
        }
    }
}
