// Generated from the kernel's headers; see README.md beside this file.
namespace Hull.Runtime;

internal static partial class SyscallNumbers
{
    /// <summary>The number of each of <see cref="SyscallNames"/>, or <see cref="Absent"/>.</summary>
    public static ReadOnlySpan<ushort> X32 =>
    [
        Absent, Absent, Absent, 43, 288, 21, 163, 248, 159, 183, 37, 158, Absent, Absent, Absent, Absent, Absent, 49, 321, Absent,
        Absent, 12, Absent, Absent, 451, 125, 126, 80, 90, 92, Absent, 161, 305, Absent, 229, Absent, 228, Absent, 230, Absent, 227,
        Absent, 56, 435, 3, 436, 42, 326, 85, Absent, 176, 32, 33, 292, 213, 291, 233, Absent, 281, 441, 232, Absent, 284, 290, 520,
        545, 60, 231, 269, 439, 221, Absent, 285, 300, 301, 81, 91, 268, 452, 93, Absent, 260, 72, Absent, 75, 193, 468, 469, 313, 196,
        73, 57, 199, 431, 190, 432, 430, 433, 5, Absent, Absent, 138, Absent, 74, Absent, 77, Absent, 202, 456, Absent, 455, 449, 454,
        261, Absent, 239, 531, Absent, Absent, 309, 79, 78, 217, 108, Absent, 107, Absent, 104, Absent, 115, Absent, 36, Absent, 52,
        121, 111, 39, 181, 110, 140, 318, 120, Absent, 118, Absent, 97, 98, 124, 51, 542, 186, 96, 102, Absent, 191, 464, Absent,
        Absent, 175, 254, 253, 294, 255, 210, 207, 208, 333, Absent, 543, 544, 426, 427, 425, 514, 173, 172, 252, 251, Absent, 312, 320,
        528, 250, 62, 445, 444, 446, 94, Absent, 192, 86, 265, 50, 458, 470, 194, 465, 195, Absent, 212, 198, 8, 189, 459, 461, 460, 6,
        Absent, 28, 453, 237, 324, 319, 447, 256, 27, 83, 258, 133, 259, 149, 325, 151, 9, Absent, 154, 165, 442, 429, 533, 10, Absent,
        245, 527, 240, 243, Absent, 242, Absent, 241, 25, 462, 71, 68, 70, 69, 26, Absent, 150, 152, 11, 303, 35, 262, Absent, Absent,
        Absent, Absent, Absent, Absent, Absent, 2, 304, 428, 467, 257, 437, 34, Absent, Absent, Absent, 298, 135, 438, 434, 424, 22,
        293, 155, 330, 331, 329, 7, 271, Absent, 157, 17, 534, 546, 302, 440, 448, 539, 540, Absent, Absent, 270, Absent, 521, 182, 18,
        535, 547, Absent, 179, 443, 0, 187, Absent, 89, 267, 515, 169, Absent, 517, 537, Absent, 519, 216, 197, 466, 82, 264, 316, 249,
        219, Absent, Absent, 84, 334, 471, 512, 522, 14, 524, 513, 130, 523, Absent, 536, Absent, Absent, Absent, Absent, Absent,
        Absent, 146, 147, 204, 315, 143, 145, 148, Absent, 203, 314, 142, 144, 24, 317, 185, 23, 66, 64, 65, 220, Absent, Absent, 40,
        Absent, 538, 518, 44, 238, 450, 530, Absent, 218, Absent, 171, 123, Absent, 122, Absent, 106, Absent, 116, Absent, 170, 38, 308,
        109, 141, 114, Absent, 119, Absent, 117, Absent, 113, Absent, 160, 112, 541, 164, 105, Absent, 188, 463, Absent, 30, 31, 67, 29,
        48, Absent, 525, Absent, 282, 289, Absent, Absent, Absent, Absent, 41, Absent, 53, 275, Absent, Absent, Absent, 4, Absent, 137,
        Absent, 457, 332, Absent, Absent, Absent, Absent, 168, 167, Absent, 88, 266, 162, 277, Absent, 306, Absent, Absent, 139, 99,
        103, Absent, 276, 234, 201, 526, 226, 225, 224, Absent, 223, Absent, Absent, 283, 287, Absent, 286, Absent, 100, 200, 76,
        Absent, 184, Absent, Absent, 95, Absent, 166, 63, 87, 263, 272, 336, 335, Absent, 323, Absent, Absent, 136, 132, 280, Absent,
        235, 58, 153, Absent, Absent, 532, Absent, 61, 529, Absent, 1, 516,
    ];
}
