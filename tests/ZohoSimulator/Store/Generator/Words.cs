namespace TshErp.ZohoSimulator.Store.Generator;

/// <summary>What names are made of. The curious ones are those that break naive code: marks, digits, quotes, direction, length.</summary>
internal static class Words
{
    public static readonly (string English, string Arabic, string Code, string Unit)[] Products =
    [
        ("Network Cable", "كابل شبكة", "NET", "m"), ("LED Panel", "لوحة ليد", "LED", "pcs"), ("Lithium Battery", "بطارية ليثيوم", "BAT", "pcs"),
        ("Solar Inverter", "انفرتر شمسي", "INV", "pcs"), ("Wi-Fi Router", "راوتر واي فاي", "RTR", "pcs"), ("Security Camera", "كاميرا مراقبة", "CAM", "pcs"),
        ("Phone Charger", "شاحن موبايل", "CHG", "pcs"), ("Screen Protector", "واقي شاشة", "SCR", "box"), ("Earphones", "سماعات أذن", "EAR", "pcs"),
        ("Power Bank", "باور بانك", "PWR", "pcs"), ("Keyboard", "لوحة مفاتيح", "KEY", "pcs"), ("Wireless Mouse", "ماوس لاسلكي", "MOU", "pcs"),
        ("HDMI Adapter", "محول HDMI", "ADP", "pcs"), ("Memory Card", "بطاقة ذاكرة", "MEM", "pcs"), ("Hard Disk", "قرص صلب", "HDD", "pcs"),
        ("Printer Toner", "حبر طابعة", "TNR", "pcs"), ("Copper Wire", "سلك نحاس", "WIR", "m"), ("Circuit Breaker", "قاطع كهرباء", "BRK", "pcs"),
        ("Water Pump", "مضخة ماء", "PMP", "pcs"), ("Voltage Stabilizer", "منظم فولتية", "STB", "pcs"), ("Drill Set", "طقم دريل", "DRL", "set"),
        ("Tool Bag", "حقيبة عدة", "BAG", "pcs"), ("Extension Cord", "وصلة كهرباء", "EXT", "pcs"), ("Smart Watch", "ساعة ذكية", "WTC", "pcs"),
        ("Tablet Stand", "حامل تابلت", "STN", "pcs"), ("Fan Motor", "محرك مروحة", "FAN", "pcs"), ("LCD Module", "شاشة LCD", "LCD", "pcs"),
        ("Cooling Gel", "معجون تبريد", "GEL", "box"), ("Solder Iron", "كاوية لحام", "SLD", "pcs"), ("Sim Tool", "مفتاح شريحة", "SIM", "box"),
    ];

    public static readonly string[] EnglishQualities = ["Pro", "Plus", "Mini", "Original", "Heavy Duty", "Waterproof", "Fast", "4K", "Outdoor", "Slim"];

    public static readonly string[] ArabicQualities = ["أصلي", "ممتاز", "صغير", "كبير", "سريع", "مقاوم للماء", "خارجي", "درجة أولى", "اقتصادي", "مزدوج"];

    public static readonly string[] Sizes = ["5m", "10 m", "305م", "5kWh", "12V", "220 فولت", "32GB", "1TB", "6.5\"", "3/4\"", "٥ متر", "١٠٠ واط", "Cat6", "Type-C"];

    public static readonly string[] Brands =
    [
        "Anker", "Baseus", "Dahua", "D-Link", "Hikvision", "Huawei", "Logitech", "Philips", "Samsung", "TP-Link", "الرافدين", "النخيل", "دجلة", "",
    ];

    public static readonly string[] Manufacturers = ["Shenzhen Parts Ltd", "Ningbo Electric", "مصنع الفرات", "Gulf Assembly", ""];

    public static readonly string[] Curious =
    [
        "كَابِلُ شَبَكَةٍ مُمْتَازٌ",
        "كيبل ٥ متر – درجة ١",
        "🔋 بطارية 5kWh ⚡️",
        "كابل 3/4\" \"أصلي\" 'خاص'",
        "O'Brien & Sons <b>Cable</b> &amp; 100%_\\",
        "شاحـــــن ســـــريع",
        "USB-C إلى HDMI 4K محول (مع كابل) v2.1",
        "علي/على مكتبة/مكتبه إنارة/انارة",
        "Crème brûlée torch – naïve façade №5",
        "LED \u200Fليد\u200E 12V",
        "👨‍👩‍👧 باقة عائلية ١٢ قطعة",
        "零件 Teil деталь قطعة",
        "Long name لوحة شمسية عالية الكفاءة مع هيكل المنيوم وزجاج مقسى ومضاد للانعكاس لجميع الاجواء 550W A+++",
        "طقم; drop table items; --",
        "Nut M8 × 1¼ ± 0.5µm",
    ];

    public static readonly string[] FirstNames = ["علي", "حسين", "زينب", "مصطفى", "نور", "سجاد", "Ahmed", "Sara", "مريم", "عُمر"];

    public static readonly string[] LastNames = ["الجبوري", "العبيدي", "الموسوي", "Al-Tamimi", "الربيعي", "حسن", "الكعبي"];

    public static readonly string[] CompanyKinds = ["شركة", "مكتب", "محلات", "معرض", "مؤسسة", "Company"];

    public static readonly string[] CompanyNames = ["النور", "الرافدين", "بابل", "دجلة والفرات", "Al Amal", "السلام", "الزهراء", "البصرة الدولية", "أور", "Tech House"];

    public static readonly string[] Cities = ["بغداد", "البصرة", "الموصل", "أربيل", "النجف", "كربلاء", "Sulaymaniyah", "كركوك"];

    public static readonly string[] Streets = ["شارع فلسطين", "شارع الرشيد", "الكرادة داخل", "شارع ٦٢", "Industrial Street", "حي الجامعة"];
}
