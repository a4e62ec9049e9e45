// Generated from the kernel's headers; see README.md beside this file.
namespace Hull.Runtime.Planning.Seccomp.Tables;

internal static partial class SyscallNumbers
{
    /// <summary>The number of each of <see cref="SyscallNames"/>, or <see cref="Absent"/>.</summary>
    public static ReadOnlySpan<ushort> PowerPc64 =>
    [
        140, 142, 149, 330, 344, 33, 51, 269, 124, 137, 27, Absent, Absent, Absent, Absent, Absent, 134, 327, 361, 17, Absent, 45,
        Absent, Absent, 451, 183, 184, 12, 15, 181, Absent, 61, 347, Absent, 247, Absent, 246, Absent, 248, Absent, 245, Absent, 120,
        435, 6, 436, 328, 379, 8, 127, 129, 41, 63, 316, 236, 315, 237, Absent, 303, 441, 238, Absent, 307, 314, 11, 362, 1, 234, 298,
        439, 233, Absent, 309, 323, 324, 133, 94, 297, 452, 95, Absent, 289, 55, Absent, 148, 214, 468, 469, 353, 217, 143, 2, 220, 431,
        211, 432, 430, 433, 108, Absent, Absent, 100, 253, 118, 35, 93, Absent, 221, 456, Absent, 455, 449, 454, 290, 130, 260, 299,
        Absent, Absent, 302, 182, 141, 202, 50, Absent, 49, Absent, 47, Absent, 80, Absent, 105, Absent, 332, 132, 65, 20, 187, 64, 96,
        359, 170, Absent, 165, Absent, 76, 77, 147, 331, 340, 207, 78, 24, Absent, 212, 464, 32, 112, 128, 276, 275, 318, 277, 231, 228,
        229, 388, Absent, 227, 230, 426, 427, 425, 54, 101, 110, 274, 273, 117, 354, 382, 268, 271, 37, 445, 444, 446, 16, Absent, 213,
        9, 294, 329, 458, 470, 215, 465, 216, 53, 235, 219, 19, 210, 459, 461, 460, 107, Absent, 205, 453, 259, 365, 360, Absent, 258,
        206, 39, 287, 14, 288, 150, 378, 152, 90, Absent, 123, 21, 442, 429, 301, 125, 56, 267, 266, 262, 265, Absent, 264, Absent, 263,
        163, 462, 402, 399, 401, 400, 144, 201, 151, 153, 91, 345, 162, 291, 168, 34, 28, 84, 59, 18, 109, 5, 346, 428, 467, 286, 437,
        29, 200, 198, 199, 319, 136, 438, 434, 424, 42, 317, 203, 384, 385, 386, 167, 281, Absent, 171, 179, 320, 380, 325, 440, 448,
        351, 352, 44, 98, 280, Absent, 26, 188, 180, 321, 381, 166, 131, 443, 3, 191, 89, 85, 296, 145, 88, 336, 337, 343, Absent, 342,
        239, 218, 466, 38, 293, 357, 270, 0, Absent, Absent, 40, 387, 471, 173, 175, 174, 177, 172, 178, 176, Absent, 322, 255, Absent,
        Absent, Absent, Absent, Absent, 159, 160, 223, 356, 155, 157, 161, Absent, 222, 355, 154, 156, 158, 358, Absent, 82, 394, 393,
        Absent, 392, Absent, 334, 186, Absent, 349, 341, 335, 261, 450, 300, Absent, 232, Absent, 121, 139, Absent, 138, Absent, 46,
        Absent, 81, Absent, 74, 104, 350, 57, 97, 71, Absent, 169, Absent, 164, Absent, 70, Absent, 75, 66, 339, 79, 23, Absent, 209,
        463, 68, 397, 396, 398, 395, 338, 67, 185, 48, 305, 313, 73, 126, 119, 72, 326, 102, 333, 283, 279, 278, 69, 106, Absent, 99,
        252, 457, 383, 25, 31, 310, 249, 115, 87, 363, 83, 295, 36, Absent, 308, 348, 256, Absent, 135, 116, 103, Absent, 284, 250, 13,
        240, 244, 243, 242, Absent, 241, Absent, Absent, 306, 312, Absent, 311, Absent, 43, 208, 92, Absent, 225, 190, 58, 60, 22, 52,
        122, 10, 292, 282, Absent, Absent, 86, 364, Absent, Absent, 62, 30, 304, Absent, 251, 189, 111, 113, Absent, 285, Absent, 114,
        272, 7, 4, 146,
    ];
}
