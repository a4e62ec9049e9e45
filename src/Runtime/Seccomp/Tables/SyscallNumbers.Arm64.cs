// Generated from the kernel's headers; see README.md beside this file.
namespace Hull.Runtime;

internal static partial class SyscallNumbers
{
    /// <summary>The number of each of <see cref="SyscallNames"/>, or <see cref="Absent"/>.</summary>
    public static ReadOnlySpan<ushort> Arm64 =>
    [
        Absent, Absent, Absent, 202, 242, Absent, 89, 217, 171, Absent, Absent, Absent, Absent, Absent, Absent, Absent, Absent, 200,
        280, Absent, Absent, 214, Absent, Absent, 451, 90, 91, 49, Absent, Absent, Absent, 51, 266, Absent, 114, Absent, 113, Absent,
        115, Absent, 112, Absent, 220, 435, 57, 436, 203, 285, Absent, Absent, 106, 23, Absent, 24, Absent, 20, 21, Absent, 22, 441,
        Absent, Absent, Absent, 19, 221, 281, 93, 94, 48, 439, 223, Absent, 47, 262, 263, 50, 52, 53, 452, 55, Absent, 54, 25, Absent,
        83, 10, 468, 469, 273, 13, 32, Absent, 16, 431, 7, 432, 430, 433, 80, Absent, Absent, 44, Absent, 82, Absent, 46, Absent, 98,
        456, Absent, 455, 449, 454, Absent, Absent, 236, 100, Absent, Absent, 168, 17, Absent, 61, 177, Absent, 175, Absent, 176,
        Absent, 158, Absent, 102, Absent, 205, 155, Absent, 172, Absent, 173, 141, 278, 150, Absent, 148, Absent, 163, 165, 156, 204,
        209, 178, 169, 174, Absent, 8, 464, Absent, Absent, 105, 27, Absent, 26, 28, 3, 1, 4, 292, Absent, 0, 2, 426, 427, 425, 29,
        Absent, Absent, 31, 30, Absent, 272, 294, 104, 219, 129, 445, 444, 446, Absent, Absent, 9, Absent, 37, 201, 458, 470, 11, 465,
        12, Absent, 18, 15, 62, 6, 459, 461, 460, Absent, Absent, 233, 453, 235, 283, 279, 447, 238, 232, Absent, 34, Absent, 33, 228,
        284, 230, 222, Absent, Absent, 40, 442, 429, 239, 226, Absent, 185, 184, 180, 183, Absent, 182, Absent, 181, 216, 462, 187, 186,
        188, 189, 227, Absent, 229, 231, 215, 264, 101, 79, 42, Absent, Absent, Absent, Absent, Absent, Absent, Absent, 265, 428, 467,
        56, 437, Absent, Absent, Absent, Absent, 241, 92, 438, 434, 424, Absent, 59, 41, 289, 290, 288, Absent, 73, Absent, 167, 67, 69,
        286, 261, 440, 448, 270, 271, Absent, Absent, 72, Absent, 117, Absent, 68, 70, 287, Absent, 60, 443, 63, 213, Absent, Absent,
        78, 65, 142, Absent, 207, 243, Absent, 212, 234, 14, 466, Absent, 38, 276, 218, 128, Absent, Absent, Absent, 293, 471, 134, 136,
        135, 138, 139, 133, 137, Absent, 240, Absent, Absent, Absent, Absent, Absent, Absent, 125, 126, 123, 275, 121, 120, 127, Absent,
        122, 274, 118, 119, 124, 277, Absent, Absent, 191, 190, 193, 192, Absent, Absent, 71, Absent, 269, 211, 206, 237, 450, 99,
        Absent, 96, Absent, 162, 152, Absent, 151, Absent, 144, Absent, 159, Absent, 161, 103, 268, 154, 140, 143, Absent, 149, Absent,
        147, Absent, 145, Absent, 164, 157, 208, 170, 146, Absent, 5, 463, Absent, 196, 195, 197, 194, 210, Absent, 132, Absent, Absent,
        74, Absent, Absent, Absent, Absent, 198, Absent, 199, 76, Absent, Absent, Absent, Absent, Absent, 43, Absent, 457, 291, Absent,
        Absent, Absent, Absent, 225, 224, Absent, Absent, 36, 81, 84, Absent, 267, Absent, Absent, Absent, 179, 116, Absent, 77, 131,
        Absent, 107, 111, 109, 108, Absent, 110, Absent, Absent, 85, 87, Absent, 86, Absent, 153, 130, 45, Absent, Absent, Absent,
        Absent, 166, Absent, 39, 160, Absent, 35, 97, Absent, Absent, Absent, 282, Absent, Absent, Absent, Absent, 88, Absent, Absent,
        Absent, 58, Absent, Absent, 75, Absent, 260, 95, Absent, 64, 66,
    ];
}
