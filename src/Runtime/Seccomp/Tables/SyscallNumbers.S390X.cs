// Generated from the kernel's headers; see README.md beside this file.
namespace Hull.Runtime;

internal static partial class SyscallNumbers
{
    /// <summary>The number of each of <see cref="SyscallNames"/>, or <see cref="Absent"/>.</summary>
    public static ReadOnlySpan<ushort> S390X =>
    [
        Absent, Absent, 149, Absent, 364, 33, 51, 278, 124, 137, 27, Absent, Absent, Absent, Absent, Absent, 134, 361, 351, Absent,
        Absent, 45, Absent, Absent, 451, 184, 185, 12, 15, 212, Absent, 61, 337, Absent, 261, Absent, 260, Absent, 262, Absent, 259,
        Absent, 120, 435, 6, 436, 362, 375, 8, 127, 129, 41, 63, 326, 249, 327, 250, Absent, 312, 441, 251, Absent, 318, 323, 11, 354,
        1, 248, 300, 439, 253, Absent, 314, 332, 333, 133, 94, 299, 452, 207, Absent, 291, 55, Absent, 148, 229, 468, 469, 344, 232,
        143, 2, 235, 431, 226, 432, 430, 433, 108, Absent, Absent, 100, 266, 118, Absent, 93, Absent, 238, 456, Absent, 455, 449, 454,
        292, 130, 269, 305, Absent, Absent, 311, 183, 141, 220, 202, Absent, 201, Absent, 200, Absent, 205, Absent, 105, Absent, 368,
        132, 65, 20, 188, 64, 96, 349, 211, Absent, 209, Absent, 191, 77, 147, 367, 365, 236, 78, 199, Absent, 227, 464, Absent, 112,
        128, 285, 284, 324, 286, 247, 244, 245, 382, Absent, 243, 246, 426, 427, 425, 54, Absent, Absent, 283, 282, 117, 343, 381, 277,
        280, 37, 445, 444, 446, 198, Absent, 228, 9, 296, 363, 458, 470, 230, 465, 231, Absent, 110, 234, 19, 225, 459, 461, 460, 107,
        Absent, 219, 453, 268, 356, 350, Absent, 287, 218, 39, 289, 14, 290, 150, 374, 152, 90, Absent, Absent, 21, 442, 429, 310, 125,
        Absent, 276, 275, 271, 274, Absent, 273, Absent, 272, 163, 462, 402, 399, 401, 400, 144, Absent, 151, 153, 91, 335, 162, 293,
        169, 34, Absent, Absent, Absent, Absent, Absent, 5, 336, 428, 467, 288, 437, 29, Absent, Absent, Absent, 331, 136, 438, 434,
        424, 42, 325, 217, 385, 386, 384, 168, 302, Absent, 172, 180, 328, 376, 334, 440, 448, 340, 341, Absent, Absent, 301, Absent,
        26, 189, 181, 329, 377, 167, 131, 443, 3, 222, 89, 85, 298, 145, 88, Absent, 371, 357, Absent, 372, 267, 233, 466, 38, 295, 347,
        279, 7, Absent, Absent, 40, 383, 471, 174, 176, 175, 178, 173, 179, 177, Absent, 330, Absent, 378, 353, 352, 342, 380, 159, 160,
        240, 346, 155, 157, 161, Absent, 239, 345, 154, 156, 158, 348, Absent, 142, 394, 393, Absent, 392, Absent, Absent, 187, Absent,
        358, 370, 369, 270, 450, 304, Absent, 252, Absent, 121, 216, Absent, 215, Absent, 214, Absent, 206, Absent, 74, 104, 339, 57,
        97, 204, Absent, 210, Absent, 208, Absent, 203, Absent, 75, 66, 366, 79, 213, Absent, 224, 463, Absent, 397, 396, 398, 395, 373,
        67, 186, 48, 316, 322, 73, 126, 119, 72, 359, 102, 360, 306, Absent, Absent, Absent, 106, Absent, 99, 265, 457, 379, Absent,
        Absent, Absent, Absent, 115, 87, Absent, 83, 297, 36, 307, Absent, 338, Absent, Absent, 135, 116, 103, Absent, 308, 241, Absent,
        254, 258, 257, 256, Absent, 255, Absent, 317, 319, 321, Absent, 320, Absent, 43, 237, 92, Absent, Absent, Absent, Absent, 60,
        22, 52, 122, 10, 294, 303, Absent, Absent, 86, 355, Absent, Absent, 62, 30, 315, Absent, 313, 190, 111, Absent, Absent, 309,
        Absent, 114, 281, Absent, 4, 146,
    ];
}
