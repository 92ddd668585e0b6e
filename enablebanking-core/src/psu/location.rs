//! The location of the PSU.

use std::fmt;

use rust_decimal::Decimal;

use super::{GEO_LOCATION, PsuHeadersError};

/// A place on earth, in decimal degrees. `Debug` does not show it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct GeoLocation {
    latitude: Decimal,
    longitude: Decimal,
}

impl GeoLocation {
    /// Creates the place at `latitude` (north of the equator is positive) and `longitude` (east of Greenwich is positive).
    ///
    /// The header has at most six decimals, which is a tenth of a metre.
    ///
    /// ```
    /// use enablebanking_client::GeoLocation;
    ///
    /// let helsinki = GeoLocation::new("60.170".parse()?, "24.941".parse()?)?;
    /// assert!(GeoLocation::new("24.941".parse()?, "180.5".parse()?).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the latitude is beyond 90 or the longitude beyond 180 degrees. It shows neither.
    pub fn new(latitude: Decimal, longitude: Decimal) -> Result<Self, PsuHeadersError> {
        if latitude.abs() > Decimal::from(90) {
            return Err(PsuHeadersError::new(GEO_LOCATION, "the latitude is not between -90 and 90"));
        }
        if longitude.abs() > Decimal::from(180) {
            return Err(PsuHeadersError::new(GEO_LOCATION, "the longitude is not between -180 and 180"));
        }
        Ok(Self { latitude, longitude })
    }

    /// Returns the header, with one to six decimals: the live API refuses fewer and more.
    pub(super) fn header_text(self) -> String {
        let degrees = |angle: Decimal| {
            let mut angle = angle.round_dp(6);
            if angle.scale() == 0 {
                angle.rescale(1);
            }
            angle
        };
        format!("{},{}", degrees(self.latitude), degrees(self.longitude))
    }
}

impl fmt::Debug for GeoLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("GeoLocation([redacted])")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    fn location(latitude: &str, longitude: &str) -> Result<GeoLocation, PsuHeadersError> {
        GeoLocation::new(latitude.parse().unwrap(), longitude.parse().unwrap())
    }

    #[test]
    fn degrees_have_one_to_six_decimals() {
        for (latitude, longitude, header) in [
            ("60.170", "24.941", "60.170,24.941"),
            ("-90", "180.000", "-90.0,180.000"),
            ("90.0", "-180", "90.0,-180.0"),
            ("0", "0.0000000000000001", "0.0,0.000000"),
            ("-0.1234567", "12.345678901", "-0.123457,12.345679"),
        ] {
            let place = location(latitude, longitude).unwrap();
            assert_eq!(place.header_text(), header);
            assert_eq!(format!("{place:?}"), "GeoLocation([redacted])");
        }
    }

    #[test]
    fn places_off_the_earth_are_refused_without_being_shown() {
        for (latitude, longitude) in [("90.001", "0"), ("-91", "0"), ("0", "180.001"), ("0", "-181")] {
            let error = location(latitude, longitude).unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(!text.contains(".001") && !text.contains("181") && !text.contains("91"), "{text}");
        }
    }
}
