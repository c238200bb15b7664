//! The names of the months in the languages whose dates are read.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The names of the months in English, German, French, Spanish, Italian, Portuguese, Russian, Dutch, Polish, Turkish,
/// Czech, Finnish, Hungarian, Ukrainian, Swedish, Danish, Norwegian, Romanian, Greek, Indonesian and Arabic, the forms
/// they have in dates, and how they are shortened; in lower case, without marks. Source: CLDR 45, in short.
static MONTHS: [&str; 12] = [
    "jan january januar janner janvier janv janeiro gen gennaio ene enero январь января янв januari sty styczen stycznia \
     ocak oca leden ledna led tammikuu tammikuuta tammi ianuarie ian januara січень січня січ ιανουαριος ιανουαριου ιαν \
     يناير",
    "feb february februar febrero febbraio fev fevr fevrier fevereiro февраль февраля фев февр februari lut luty lutego \
     subat sub unor unora uno helmikuu helmikuuta helmi februarie лютии лютого лют φεβρουαριος φεβρουαριου φεβ فبراير شباط",
    "mar march marz maerz mrz mars marzo marco март марта мар maart mrt marzec marca mart brezen brezna bre maaliskuu \
     maaliskuuta maalis marcius marc martie maret березень березня бер μαρτιος μαρτιου μαρ مارس اذار",
    "apr april aprile avr avril abr abril апрель апреля апр kwi kwiecien kwietnia nisan nis duben dubna dub huhtikuu \
     huhtikuuta huhti aprilis aprilie квітень квітня квіт кві απριλιος απριλιου απρ ابريل نيسان",
    "may mai mayo maio mag maggio май маи мая mei maj maja mayis kveten kvetna kve toukokuu toukokuuta touko majus травень \
     травня трав тра μαιος μαιου μαι مايو ايار",
    "jun june juni juin junio junho giu giugno июнь июня июн cze czerwiec czerwca haziran haz cerven cervna kesakuu \
     kesakuuta kesa junius iunie червень червня черв чер ιουνιος ιουνιου ιουν يونيو حزيران",
    "jul july juli juil juillet julio julho lug luglio июль июля июл lip lipiec lipca temmuz tem cervenec cervence \
     heinakuu heinakuuta heina julius iulie липень липня лип ιουλιος ιουλιου ιουλ يوليو تموز",
    "aug august aout agosto ago август августа авг augustus augusti sie sierpien sierpnia agustos agu srpen srpna srp \
     elokuu elokuuta elo augusztus agustus серпень серпня серп сер αυγουστος αυγουστου αυγ اغسطس",
    "sep sept september septembre septiembre set settembre setembro сентябрь сентября сен сент wrz wrzesien wrzesnia \
     eylul eyl zari zar syyskuu syyskuuta syys szeptember szept septembrie вересень вересня вер σεπτεμβριος σεπτεμβριου \
     σεπ سبتمبر ايلول",
    "oct october okt oktober octobre octubre ott ottobre out outubro октябрь октября окт paz pazdziernik pazdziernika \
     ekim eki rijen rijna rij lokakuu lokakuuta loka octombrie жовтень жовтня жовт жов οκτωβριος οκτωβριου οκτ اكتوبر",
    "nov november novembre noviembre novembro ноябрь ноября ноя нояб lis listopad listopada listopadu kasım kasim kas \
     marraskuu marraskuuta marras noiembrie noi листопад листопада лист νοεμβριος νοεμβριου νοε نوفمبر",
    "dec december dez dezember decembre dic diciembre dicembre dezembro декабрь декабря дек gru grudzien grudnia aralık \
     aralik ara prosinec prosince pro joulukuu joulukuuta joulu decembrie desember des грудень грудня груд гру δεκεμβριος \
     δεκεμβριου δεκ ديسمبر",
];

/// The numbers of the months in Vietnamese, which follow the word for month.
static VIETNAMESE: [&str; 12] = [
    "gieng mot",
    "hai",
    "ba",
    "tu",
    "nam",
    "sau",
    "bay",
    "tam",
    "chin",
    "muoi",
    "",
    "",
];

/// The names in one table: each word of a line that may be a date is looked up.
static BY_NAME: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let mut months = HashMap::new();
    for (names, number) in MONTHS.iter().zip(1..) {
        for name in names.split_ascii_whitespace() {
            months.entry(name).or_insert(number);
        }
    }
    months
});

/// The month of this name, which is in lower case and without marks; 1 to 12.
pub(in crate::format) fn month(name: &str) -> Option<u32> {
    BY_NAME.get(name).copied()
}

/// The month of this number in words, behind `thang`.
pub(super) fn vietnamese_month(number: &str) -> Option<u32> {
    let at = VIETNAMESE.iter().position(|names| {
        let mut names = names.split_ascii_whitespace();
        names.any(|known| known == number)
    })?;
    Some(at as u32 + 1)
}
